"""The bench: a proxy on one processor, its load and upstream on the other.

A proxy's cost is the processor time of its process over the requests it answered (`/proc`), so a
noisy machine moves it little. Candidates take turns, A…Z then Z…A; what is quoted is the median of
their ratios to the bare proxy in the same round.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PROXY_CPU, LOAD_CPU = 0, 1
# A start this many times slower than the median one is a failure.
_OUTLIER = 3.0

_UPSTREAM = """\
worker_processes 1; daemon off; master_process off; pid {folder}/nginx.pid;
error_log {folder}/nginx.log; events {{ worker_connections 1024; }}
http {{ access_log off; keepalive_requests 100000000; client_body_temp_path {folder}/body;
  server {{ listen 127.0.0.1:{port} reuseport;
    location / {{ default_type application/json; return 200 '{body}'; }}
    {files} }} }}
"""
_FILE = (
    "location ~ {path}$ {{ default_type application/json; root {folder}; try_files {name} =404; }}"
)
_ANSWER = '{"id":"pay_1","amount":{"value":"12.50","currency":"EUR"},"status":"captured"}'

_LATENCY = re.compile(r"^\s+(50|99)(?:\.\d+)?%\s+([\d.]+)(us|ms|s)\s*$", re.MULTILINE)
_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A running proxy: its process, and how it is loaded for so many seconds."""

    name: str
    pid: int
    load: Callable[[int], Load]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a load generator saw: answers, those that were no success, rate, latencies in ms."""

    answered: int
    refused: int
    rate: float
    p50: float
    p99: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What one window of load cost: processor microseconds a request, rate, latencies in ms."""

    cpu: float
    rate: float
    p50: float
    p99: float
    refused: int


@dataclass(slots=True)
class Result:
    """All windows of a candidate."""

    name: str
    windows: list[Window] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    memory_mb: float = 0.0


def compare(candidates: Sequence[Candidate], *, rounds: int, seconds: int) -> list[Result]:
    """Takes turns; the first candidate is what the others are compared with."""
    results = [Result(candidate.name) for candidate in candidates]
    order = list(zip(candidates, results, strict=True))
    for candidate in candidates:
        window(candidate, seconds=seconds)  # caches and compilers warm up
    for number in range(rounds):
        taken: dict[str, Window] = {}
        for candidate, result in order if number % 2 == 0 else reversed(order):
            measured = window(candidate, seconds=seconds)
            taken[candidate.name] = measured
            result.windows.append(measured)
        for _, result in order:
            result.ratios.append(taken[result.name].cpu / taken[candidates[0].name].cpu)
    for candidate, result in order:
        result.memory_mb = memory_mb(candidate.pid)
    return results


def window(candidate: Candidate, *, seconds: int) -> Window:
    """One window of load."""
    before = cpu_seconds(candidate.pid)
    seen = candidate.load(seconds)
    spent = cpu_seconds(candidate.pid) - before
    return Window(
        cpu=spent / seen.answered * 1e6,
        rate=seen.rate,
        p50=seen.p50,
        p99=seen.p99,
        refused=seen.refused,
    )


def wrk(url: str, script: Path, *, connections: int = 32) -> Callable[[int], Load]:
    """Load by wrk, with a Lua script that makes the requests."""

    def load(seconds: int) -> Load:
        said = _said(
            *("wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "5s"),
            *("-s", str(script), url),
        )
        counted = re.search(r"(\d+) requests in", said)
        rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
        assert counted is not None, said
        assert rate is not None, said
        latencies = {at: float(value) * _MS[unit] for at, value, unit in _LATENCY.findall(said)}
        refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
        return Load(
            answered=int(counted[1]),
            refused=int(refused[1]) if refused else 0,
            rate=float(rate[1]),
            p50=latencies.get("50", 0.0),
            p99=latencies.get("99", 0.0),
        )

    return load


@contextmanager
def mesh(port: int, path: str, clients: Path) -> Iterator[Callable[[int], Load]]:
    """Load by services, each with its certificate, from `bench.mesh_load`; on connections that are
    kept while the block runs."""
    command = (sys.executable, "-m", "bench.mesh_load", str(port), path, "--clients", str(clients))
    child = subprocess.Popen(
        ("taskset", "-c", str(LOAD_CPU), *command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    told, heard = child.stdin, child.stdout

    def load(seconds: int) -> Load:
        told.write(f"{seconds}\n")
        told.flush()
        answered, refused, p50, p99, rate = heard.readline().split()
        return Load(
            answered=int(answered),
            refused=int(refused),
            rate=float(rate),
            p50=float(p50),
            p99=float(p99),
        )

    try:
        assert heard.readline() == "ready\n", "its connections do not open"
        yield load
    finally:
        told.close()
        child.wait(10)


def _said(*command: str) -> str:
    """What a command prints that runs on the load's processor."""
    pinned = ("taskset", "-c", str(LOAD_CPU), *command)
    return subprocess.run(pinned, capture_output=True, text=True, check=True).stdout


def cpu_seconds(pid: int) -> float:
    """Processor time of all threads of a process."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def memory_mb(pid: int) -> float:
    """Resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def pin(pid: int, cpu: int = PROXY_CPU) -> None:
    """Keeps all threads of a process on one processor."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):
            os.sched_setaffinity(int(task.name), {cpu})


@contextmanager
def upstream(body: str = _ANSWER, *, others: Mapping[str, str] | None = None) -> Iterator[int]:
    """A static upstream (nginx) on the load's processor; gives its port.

    `others` are bodies for paths that end so: `/orders/1`.
    """
    with tempfile.TemporaryDirectory(prefix="fc-up-") as folder:
        port = free_port()
        config = Path(folder) / "nginx.conf"
        Path(folder).chmod(0o755)  # its worker is nobody
        files = []
        for number, (path, content) in enumerate((others or {}).items()):
            (Path(folder) / f"{number}.json").write_text(content)
            files.append(_FILE.format(path=path, folder=folder, name=f"/{number}.json"))
        config.write_text(
            _UPSTREAM.format(folder=folder, port=port, body=body, files="\n    ".join(files))
        )
        with process(["taskset", "-c", str(LOAD_CPU), "nginx", "-c", str(config)]):
            wait_for_port(port)
            yield port


@contextmanager
def process(
    command: Sequence[str], *, cwd: Path | None = None, env: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Runs a command while the block runs."""
    with ExitStack() as stack:
        log = stack.enter_context(tempfile.TemporaryFile("w+"))
        child = subprocess.Popen(
            command, cwd=cwd, env={**os.environ, **(env or {})}, stdout=log, stderr=log, text=True
        )
        try:
            yield child
        except BaseException:
            log.seek(0)
            print(log.read()[-4000:], file=sys.stderr)
            raise
        finally:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int, seconds: float = 30) -> None:
    """Until somebody listens there."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise TimeoutError(f"nobody listens on port {port}")


def outliers(starts: Sequence[Result]) -> list[str]:
    """Which fresh starts of one candidate were more than three times as slow as the median one:
    code that a just-in-time compiler gives up on in some starts is slow in those."""
    costs = [statistics.median(w.cpu for w in start.windows) for start in starts]
    usual = statistics.median(costs)
    return [
        f"{start.name}, start {number}: {cost:.1f} µs a request, and {usual:.1f} in the median"
        for number, (start, cost) in enumerate(zip(starts, costs, strict=True), 1)
        if cost > _OUTLIER * usual
    ]


def merged(results: Sequence[Result]) -> Result:
    """The windows of one candidate over several fresh starts."""
    return Result(
        name=results[0].name,
        windows=[w for result in results for w in result.windows],
        ratios=[ratio for result in results for ratio in result.ratios],
        memory_mb=max(result.memory_mb for result in results),
    )


def missed(what: str, figure: float, goal: float) -> bool:
    """Whether a goal is missed; says so."""
    if figure <= goal:
        return False
    print(f"goal missed: {what} is {figure:.2f}, and should be at most {goal:g}")
    return True


def table(results: Sequence[Result]) -> str:
    """The results in Markdown."""
    lines = [
        "| configuration | µs a request | against the first | requests/s | p50 ms | p99 ms | MB |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for result in results:
        windows = result.windows
        lines.append(
            f"| {result.name} | {statistics.median(w.cpu for w in windows):.1f}"
            f" | {statistics.median(result.ratios):.2f}"
            f" | {statistics.median(w.rate for w in windows):,.0f}"
            f" | {statistics.median(w.p50 for w in windows):.2f}"
            f" | {statistics.median(w.p99 for w in windows):.2f} | {result.memory_mb:.0f} |"
        )
    return "\n".join(lines)


def unchecked() -> ssl.SSLContext:
    """TLS to our own loopback, whoever signed it."""
    return ssl._create_unverified_context()
