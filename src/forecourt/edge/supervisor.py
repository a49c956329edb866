"""Keeps Envoy running: starts it, starts it again when it ends, stops it when we stop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from forecourt.edge.admin import Admin
from forecourt.edge.binary import envoy_binary
from forecourt.edge.buckets import make_buckets, prepare_buckets
from forecourt.edge.overload import overload
from forecourt.edge.places import clear_places
from forecourt.edge.predecessor import (
    BASE_ID_FILE,
    Predecessor,
    can_hand_over,
    first_of_its_kind,
    is_envoy,
    running_envoy,
    successor_of,
    sweep,
)
from forecourt.edge.redaction import redacted
from forecourt.edge.replacing import replace_file

_LOG = structlog.get_logger()

# In the state folder: the process of Envoy, while one is supervised.
PID_FILE = "run/envoy.pid"

# An Envoy that can hand over ends with the process that started it. That is a shell, which does
# nothing else, so that Envoy serves on where we die; it says what Envoy's process is.
_HELD_BY_A_SHELL = f"""
"$@" >/dev/null &
echo "$!" >{PID_FILE}.new && mv {PID_FILE}.new {PID_FILE}
echo "$!"
exec >/dev/null
wait "$!"
"""

# Seconds until the next start, growing while Envoy ends soon after it began.
BACK_OFF: Sequence[float] = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
# An Envoy that lived this long was well; the next start is immediate again.
_STEADY_SECONDS = 30.0
# Requests in flight may end before Envoy does.
_STOP_SECONDS = 5.0
_START_SECONDS = 20.0
_DRAIN_SECONDS = 5
# As long as an upstream may take to answer, and a little: then the one before is done. Envoy itself
# ends it: one whose predecessor was ended by somebody else ends itself at the next take-over.
_HAND_OVER_SECONDS = 35
# So says one that takes over from an Envoy at which another has failed to.
_SPOILT = "previous envoy process is still initializing"
# What it said at the end may still be on its way to us.
_LAST_WORDS_SECONDS = 1.0

_LEVELS = {
    "critical": "error",
    "error": "error",
    "warning": "warning",
    "info": "info",
}


class EnvoyDidNotStart(Exception):
    """Envoy ended, or was not ready in time; `said` are the last lines of its log."""

    def __init__(self, said: Sequence[str]) -> None:
        super().__init__("\n".join(said) or "Envoy said nothing")
        self.said = tuple(said)


class AddressTaken(OSError):
    """Another process listens on an address: `host` and `port`. `said_by` is what sets that."""

    def __init__(
        self,
        host: str,
        port: int,
        error: OSError,
        *,
        said_by: str = "the listener's `address` in forecourt.yaml",
    ) -> None:
        because = (error.strerror or str(error)).lower()
        super().__init__(
            f"cannot listen on {host}:{port}: {because}; "
            f"stop what listens there, or change {said_by}"
        )
        self.host = host
        self.port = port


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvoyOptions:
    """How Envoy runs. `concurrency` is its number of worker threads; `memory` are the bytes that
    its heap may take (`forecourt.edge.overload`)."""

    state: Path
    concurrency: int
    memory: int
    log_level: str = "warning"


class Supervisor:
    """Envoy as a child process, in the state folder, with its log in ours.

    When this process dies without a word Envoy goes on serving what it has; the next supervisor of
    the same state folder starts its own, which takes over from it, connections and all, or ends it
    first where that cannot be.
    """

    def __init__(self, options: EnvoyOptions) -> None:
        self._options = options
        self._admin = Admin(options.state)
        self._process: asyncio.subprocess.Process | None = None
        self._pid: int | None = None
        self._before: int | None = None
        self._last_lines: list[str] = []
        self._starts = 0

    @property
    def admin(self) -> Admin:
        """Where to ask Envoy about itself."""
        return self._admin

    @property
    def starts(self) -> int:
        """How often Envoy was started."""
        return self._starts

    @property
    def pid(self) -> int | None:
        """The process that serves now."""
        return self._pid if self._process else None

    async def start(self, addresses: Iterable[tuple[str, int]]) -> None:
        """Starts Envoy and waits until it serves on these hosts and ports.

        Raises `EnvoyDidNotStart`, `BucketsUnusable`, and `AddressTaken` where somebody else listens
        already: Envoy's workers share their ports, so two gateways would share them without a word.
        """
        predecessor = await self._predecessor()
        listens = predecessor.addresses if predecessor is not None else frozenset()
        for host, port in addresses:
            if _spelled(host, port) not in listens:
                _demand_free(host, port)
        try:
            await self._started(predecessor)
        except EnvoyDidNotStart as error:
            if predecessor is None or not any(_SPOILT in line for line in error.said):
                raise
            _LOG.warning("ending an envoy that cannot hand over", pid=predecessor.pid)
            await self._end(predecessor.pid)
            await self._started(None)

    async def _started(self, predecessor: Predecessor | None) -> None:
        """Starts one and waits until it serves. Raises `EnvoyDidNotStart`."""
        await self._spawn(predecessor)
        assert self._process is not None
        epoch = 0 if predecessor is None else predecessor.epoch + 1
        ready = asyncio.create_task(self._admin.wait_until_ready(_START_SECONDS, epoch=epoch))
        ended = asyncio.create_task(self._process.wait())
        await asyncio.wait({ready, ended}, return_when=asyncio.FIRST_COMPLETED)
        is_ready = ready.done() and ready.result()
        for task in (ready, ended):
            task.cancel()
        if not is_ready:
            reader = self._reader
            await self._give_up(predecessor)
            await asyncio.wait({reader}, timeout=_LAST_WORDS_SECONDS)
            raise EnvoyDidNotStart(self._last_lines)

    async def keep(self) -> None:
        """Starts Envoy again whenever it ends, until cancelled."""
        failures = 0
        while True:
            assert self._process is not None
            began = asyncio.get_running_loop().time()
            code = _code(await self._process.wait())
            lived = asyncio.get_running_loop().time() - began
            failures = 0 if lived > _STEADY_SECONDS else failures + 1
            wait = BACK_OFF[min(failures, len(BACK_OFF)) - 1] if failures else 0.0
            _LOG.error("envoy ended", code=code, next_start_in=wait)
            await self._end_predecessor()  # it listens no more, and nobody else will end it
            await asyncio.sleep(wait)
            try:
                await self._spawn(None)
            except OSError as error:  # no memory, say, or an upgrade under way
                _LOG.error("envoy cannot be started", because=str(error))

    async def stop(self) -> None:
        """Ends Envoy: politely, then not."""
        has_ended = await self._end_process()
        await self._end_predecessor()
        if has_ended:
            self._pid_file.unlink(missing_ok=True)
            self._admin_socket.unlink(missing_ok=True)
            sweep(self._options.state, self._base_id())

    def leave(self) -> None:
        """Lets Envoy serve on, for the next supervisor to take over from."""
        self._process, self._before = None, None

    async def _end_process(self) -> bool:
        """Ends what we started; whether there was something to end."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return False
        self._signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), _STOP_SECONDS)
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await process.wait()
        return True

    def _signal(self, number: signal.Signals) -> None:
        if self._pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, number)

    async def _give_up(self, predecessor: Predecessor | None) -> None:
        """Nothing is left of a start that failed.

        A predecessor serves on where the next one ended by itself, before it took anything over.
        """
        assert self._process is not None
        if predecessor is not None and self._process.returncode is not None:
            self._process, self._before = None, None
            replace_file(self._pid_file, b"%d\n" % predecessor.pid)
        else:
            await self.stop()

    @property
    def _pid_file(self) -> Path:
        return self._options.state / PID_FILE

    @property
    def _admin_socket(self) -> Path:
        return self._options.state / "run" / "admin.sock"

    def _base_id(self) -> str | None:
        try:
            return (self._options.state / BASE_ID_FILE).read_text().strip()
        except OSError:
            return None

    async def _spawn(self, predecessor: Predecessor | None) -> None:
        options = self._options
        buckets = options.state / "run" / "buckets"
        if predecessor is None:
            self._admin_socket.unlink(missing_ok=True)
            sweep(options.state, self._base_id())
            prepare_buckets(buckets)
            clear_places(buckets)
            hand_over = first_of_its_kind()
        else:
            make_buckets(buckets)
            hand_over = successor_of(predecessor)
            self._before = predecessor.pid
        await _finished(self._begin(hand_over))

    async def _begin(self, hand_over: Sequence[str]) -> None:
        """Raises `OSError` where no process can be had."""
        options = self._options
        self._pid = None
        self._process = await asyncio.create_subprocess_exec(
            "/bin/sh",
            "-c",
            _HELD_BY_A_SHELL,
            "envoy",
            str(envoy_binary()),
            "-c",
            "current/bootstrap.json",
            "--config-yaml",
            overload(options.memory),
            "--concurrency",
            str(options.concurrency),
            *hand_over,
            "--parent-shutdown-time-s",
            str(_HAND_OVER_SECONDS),
            # Whoever is trusted no longer is not trusted on old connections either: where a
            # listener changes they end within this time, not within Envoy's ten minutes.
            "--drain-time-s",
            str(_DRAIN_SECONDS),
            "--drain-strategy",
            "immediate",
            "--file-flush-interval-msec",
            "1000",
            "--log-level",
            options.log_level,
            "--log-format",
            "%l %n: %v",
            cwd=options.state,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,  # a Ctrl-C in the terminal is for us; we stop it in order
        )
        self._starts += 1
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        said = await self._process.stdout.readline()
        if not said:
            raise OSError("the shell that starts envoy has ended")
        self._pid = int(said)
        self._reader = asyncio.create_task(self._relay(self._process.stderr))

    async def _relay(self, stream: asyncio.StreamReader) -> None:
        while (said := await _line(stream)) is not None:
            if not said:
                continue
            line = redacted(said)
            level, _, rest = line.partition(" ")
            self._last_lines = [*self._last_lines[-20:], line]
            is_wanted = self._process is None  # we ended it, so its last words are no news
            log = getattr(_LOG, "info" if is_wanted else _LEVELS.get(level, "info"))
            log("envoy", said=rest if level in _LEVELS else line)

    async def _predecessor(self) -> Predecessor | None:
        """The Envoy that an earlier supervisor of this folder left behind, if it can hand over; one
        that cannot is ended."""
        pid = running_envoy(self._pid_file, self._options.state)
        if pid is None:
            return None
        found = await can_hand_over(pid, self._options.state, self._admin)
        if found is None:
            _LOG.warning("ending an envoy that was left behind", pid=pid)
            await self._end(pid)
        else:
            _LOG.info("taking over from an envoy that was left behind", pid=pid)
        return found

    async def _end_predecessor(self) -> None:
        pid, self._before = self._before, None
        if pid is not None:
            await self._end(pid)

    async def _end(self, pid: int) -> None:
        """Ends an Envoy of this folder that is no child of ours."""
        with contextlib.suppress(ProcessLookupError):
            if not is_envoy(pid, self._options.state):
                return
            os.kill(pid, signal.SIGTERM)
            for _ in range(100):
                await asyncio.sleep(0.05)
                os.kill(pid, 0)
            os.kill(pid, signal.SIGKILL)


async def _finished(work: Coroutine[object, object, None]) -> None:
    """Whoever is cancelled meanwhile waits for its end: of a process that was half begun nobody
    would know, and nobody would end it."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def _code(of_shell: int) -> int:
    """An exit code as a shell says it, as Python would: negative where a signal ended a process."""
    return 128 - of_shell if of_shell > 128 else of_shell


def _spelled(host: str, port: int) -> str:
    """As Envoy spells an address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _demand_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # Connections that just ended do not matter; a listener does.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise AddressTaken(host, port, error) from None


async def _line(stream: asyncio.StreamReader) -> str | None:
    """The next line, which may be empty; None where nothing follows.

    Whoever stops reading before that stops Envoy: it waits for room to write.
    """
    try:
        raw = await stream.readline()
    except ValueError:  # longer than the reader's limit: skip what was read
        return "info overlong line"
    return raw.decode(errors="replace").rstrip("\n") if raw else None
