"""`forecourt up` as a process, with its Envoy: started, stopped, heard."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from forecourt.edge.authority import KeyPair
from forecourt.edge.predecessor import BASE_ID_FILE, sweep
from tests.end_to_end.clocks import Clock
from tests.end_to_end.eventually import eventually
from tests.end_to_end.warm import Warm

_READY = "Ctrl-C stops."
_STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where a gateway listens on loopback."""

    external: int
    internal: int
    operations: int


@dataclass(slots=True, kw_only=True)
class Running:
    """An estate's `forecourt up`. `home` holds the estate, and what `up` says.

    `local`: with `--local`. `environment` is added to that of the process, `environment_name` is
    the `--env`. `workers` are Envoy's. `is_cold`: by the command itself, as anybody else would.
    `clock`: by one that the test sets.
    """

    home: Path
    ports: Ports
    local: bool = True
    environment: dict[str, str] = field(default_factory=dict)
    environment_name: str | None = None
    workers: int = 2
    is_cold: bool = False
    clock: Clock | None = None
    _process: Warm | subprocess.Popen[bytes] | None = None

    # --- where things are -------------------------------------------------------------------------

    @property
    def estate(self) -> Path:
        """The estate's folder."""
        return self.home / "estate"

    @property
    def state(self) -> Path:
        """The state folder, in which Envoy runs."""
        return self.estate / ".forecourt"

    @property
    def authority(self) -> Path:
        """The certificate that clients trust."""
        return self.state / "authority" / "servers.pem"

    def client(self, service: str) -> KeyPair:
        """A service's client certificate."""
        folder = self.state / "clients"
        return KeyPair(certificate=folder / f"{service}.pem", key=folder / f"{service}.key")

    # --- the process ------------------------------------------------------------------------------

    def start(self) -> str:
        """Starts it and waits for its welcome, which is returned."""
        process = self.spawn()

        def has_said() -> bool:
            return process.poll() is not None or _READY in self.said_on_stdout()

        eventually(has_said, what="the welcome of `forecourt up`", within=30)
        assert process.poll() is None, f"`up` ended with {process.poll()}:\n{self.said()}"
        return self.said_on_stdout()

    def spawn(self) -> Warm | subprocess.Popen[bytes]:
        """Starts it and waits for nothing. What an earlier start said is forgotten."""
        assert self._process is None or self._process.poll() is not None, "it runs already"
        environment = {**os.environ, **self.settings}
        if self.is_cold:
            with self._out.open("wb") as out, self._err.open("wb") as err:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "forecourt", *self.arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=err,
                    cwd=self.home,
                    env=environment,
                )
        else:
            self._process = Warm(
                self.arguments,
                folder=self.home,
                environment=environment,
                out=self._out,
                err=self._err,
                clock=self.clock,
            )
        return self._process

    @property
    def arguments(self) -> list[str]:
        """What `forecourt` is given."""
        local = ("--local",) if self.local else ()
        laid_over = ("--env", self.environment_name) if self.environment_name else ()
        return ["up", *local, *laid_over, str(self.estate)]

    @property
    def settings(self) -> dict[str, str]:
        """What the environment says to every `forecourt` command about this estate."""
        return {
            "FORECOURT_OPERATIONS": f"127.0.0.1:{self.ports.operations}",
            "FORECOURT_CONCURRENCY": str(self.workers),
            # What `up` asks of its edge by itself would be among the requests that tests count.
            "FORECOURT_EXPOSURE": "snapshot",
            # Machines that run tests are full.
            "FORECOURT_SHEDDING": "off",
            **self.environment,
        }

    @property
    def pid(self) -> int:
        """The process of `forecourt up`."""
        assert self._process is not None, "it was not started"
        return self._process.pid

    @property
    def envoy_pid(self) -> int:
        """The process of Envoy."""
        return int((self.state / "run" / "envoy.pid").read_text())

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Asks it to stop, as Ctrl-C does; its exit code."""
        assert self._process is not None, "it was not started"
        self._process.send_signal(number)
        return self._process.wait(_STOP_SECONDS)

    def kill(self) -> None:
        """Ends it without a word: Envoy stays."""
        assert self._process is not None, "it was not started"
        self._process.kill()
        self._process.wait(_STOP_SECONDS)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The control plane stands still (SIGSTOP) while the block runs; Envoy does not."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)

    def clear_away(self) -> None:
        """Ends everything that is left, without ceremony, and removes the folder."""
        if self._process is not None and self._process.poll() is None:
            self.kill()
        for pid in self.envoys():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(OSError):  # none was started
            sweep(self.state, (self.state / BASE_ID_FILE).read_text().strip())
        shutil.rmtree(self.home, ignore_errors=True)

    def envoys(self) -> list[int]:
        """Every Envoy that runs in this gateway's state folder."""
        return [int(p.name) for p in Path("/proc").glob("[0-9]*") if self._is_our_envoy(p)]

    def _is_our_envoy(self, process: Path) -> bool:
        try:
            where = (process / "cwd").resolve(strict=True)
            what = (process / "cmdline").read_bytes().split(b"\0")[0]
        except OSError:
            return False
        return where == self.state.resolve() and Path(os.fsdecode(what)).name == "envoy"

    # --- what it says -----------------------------------------------------------------------------

    @property
    def _out(self) -> Path:
        return self.home / "up.out"

    @property
    def _err(self) -> Path:
        return self.home / "up.err"

    def said_on_stdout(self) -> str:
        return self._out.read_text()

    def said(self) -> str:
        """Both of its streams."""
        return f"{self._out.read_text()}\n--- stderr\n{self._err.read_text()}"

    def heard(self) -> tuple[int, int]:
        """How much it has said so far; for `wait_until_it_says(…, since=…)`."""
        return len(self._out.read_text()), len(self._err.read_text())

    def wait_until_it_says(self, text: str, *, since: tuple[int, int] = (0, 0)) -> None:
        """Returns once the text stands on one of its streams."""

        def says() -> bool:
            said = (self._out.read_text()[since[0] :], self._err.read_text()[since[1] :])
            return any(text in stream for stream in said)

        try:
            eventually(says, what=f"`up` says `{text}`")
        except AssertionError as error:
            raise AssertionError(f"{error}; it said:\n{self.said()}") from None

    def access_log(self) -> list[dict[str, Any]]:
        """Its lines so far. Envoy writes once a second: see `logged`."""
        text = (self.state / "logs" / "access.log").read_text()
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def logged(self, answer: httpx.Response) -> dict[str, Any]:
        """The access log's line about that answer."""
        wanted = answer.headers["x-request-id"]
        lines = eventually(
            lambda: [line for line in self.access_log() if line["request_id"] == wanted],
            what=f"a line in the access log about {wanted}",
        )
        assert len(lines) == 1
        return lines[0]
