"""Envoy is kept running: a real one."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from forecourt.edge import supervisor
from forecourt.edge.admin import Admin
from forecourt.edge.binary import EnvoyMissing, envoy_binary
from forecourt.edge.buckets import SIZE, BucketsUnusable
from forecourt.edge.supervisor import (
    BACK_OFF,
    AddressTaken,
    EnvoyDidNotStart,
)
from tests.edge.conftest import Supervise
from tests.edge.state import Ports

pytestmark = [pytest.mark.end_to_end, pytest.mark.slow]


async def until(is_so: Callable[[], Awaitable[bool]], what: str) -> None:
    try:
        async with asyncio.timeout(15):
            while not await is_so():  # noqa: ASYNC110 - it happens in another process
                await asyncio.sleep(0.02)
    except TimeoutError:
        pytest.fail(f"not in time: {what}")


def is_alive(pid: int) -> bool:
    """Whether it runs; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def processes_in(folder: Path) -> list[int]:
    """Those that run in a folder; one that ended does not."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").resolve(strict=True) == folder.resolve():
                found.append(int(process.name))
    return found


async def test_starts_and_stops(ports: Ports, state: Path, supervise: Supervise) -> None:
    envoy = supervise()
    await envoy.start(ports.addresses)
    pid = envoy.pid
    assert pid is not None
    assert await envoy.admin.is_ready()
    assert (state / "run" / "envoy.pid").read_text() == f"{pid}\n"
    for host, port in ports.addresses:
        with socket.create_connection((host, port), timeout=2):
            pass
    await envoy.stop()
    assert not is_alive(pid)
    assert envoy.pid is None
    assert not (state / "run" / "envoy.pid").exists()
    await envoy.stop()


async def test_starts_again_what_was_killed_after_a_while_that_grows(
    ports: Ports, supervise: Supervise
) -> None:
    envoy = supervise()
    await envoy.start(ports.addresses)
    with capture_logs() as logs:
        keeping = asyncio.create_task(envoy.keep())
        for starts in (2, 3):
            assert envoy.pid is not None
            os.kill(envoy.pid, signal.SIGKILL)

            async def is_back(wanted: int = starts) -> bool:
                return envoy.starts == wanted and await envoy.admin.is_ready()

            await until(is_back, "envoy is back")
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
    ended = [log for log in logs if log["event"] == "envoy ended"]
    assert [log["next_start_in"] for log in ended] == list(BACK_OFF[:2])
    assert [log["code"] for log in ended] == [-signal.SIGKILL, -signal.SIGKILL]


async def test_starts_again_at_once_what_ran_well(
    ports: Ports, supervise: Supervise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "_STEADY_SECONDS", 0.0)
    envoy = supervise()
    await envoy.start(ports.addresses)
    with capture_logs() as logs:
        keeping = asyncio.create_task(envoy.keep())
        assert envoy.pid is not None
        os.kill(envoy.pid, signal.SIGKILL)

        async def is_back() -> bool:
            return envoy.starts == 2 and await envoy.admin.is_ready()

        await until(is_back, "envoy is back")
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
    assert [log["next_start_in"] for log in logs if log["event"] == "envoy ended"] == [0.0]


async def test_tries_again_where_envoy_cannot_be_started(
    ports: Ports, supervise: Supervise, monkeypatch: pytest.MonkeyPatch
) -> None:
    envoy = supervise()
    await envoy.start(ports.addresses)
    failures: list[Exception] = [EnvoyMissing("an upgrade is under way"), OSError("no memory")]

    def binary() -> Path:
        if failures:
            raise failures.pop()
        return envoy_binary()

    monkeypatch.setattr(supervisor, "envoy_binary", binary)
    monkeypatch.setattr(supervisor, "BACK_OFF", (0.01,))
    assert envoy.pid is not None
    os.kill(envoy.pid, signal.SIGKILL)
    keeping = asyncio.create_task(envoy.keep())

    async def is_back() -> bool:
        return envoy.starts == 2 and await envoy.admin.is_ready()

    await until(is_back, "envoy is back")
    assert failures == []
    keeping.cancel()
    with suppress(asyncio.CancelledError):
        await keeping


async def test_leaves_a_process_alone_that_is_no_envoy_of_this_folder(
    ports: Ports, state: Path, supervise: Supervise
) -> None:
    (state / "run" / "envoy.pid").write_text(f"{os.getpid()}\n")
    await supervise().start(ports.addresses)  # we are still here


@pytest.mark.parametrize("text", ["", "rubbish\n", "-1\n", "999999999\n"])
async def test_starts_whatever_the_pid_file_says(
    ports: Ports, state: Path, supervise: Supervise, text: str
) -> None:
    (state / "run" / "envoy.pid").write_text(text)
    envoy = supervise()
    await envoy.start(ports.addresses)
    assert await envoy.admin.is_ready()


@pytest.mark.parametrize("seconds", [0.0, 0.002, 0.005, 0.02, 0.1])
async def test_a_start_that_is_interrupted_leaves_nothing_running(
    ports: Ports, state: Path, supervise: Supervise, seconds: float
) -> None:
    envoy = supervise()
    starting = asyncio.create_task(envoy.start(ports.addresses))
    await asyncio.sleep(seconds)
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    await envoy.stop()

    async def is_quiet() -> bool:
        return processes_in(state) == []

    await until(is_quiet, "nothing runs in the state folder")


async def test_shares_no_address_with_another(
    ports: Ports, state: Path, supervise: Supervise
) -> None:
    with socket.create_server(("127.0.0.1", ports.internal), reuse_port=True):
        envoy = supervise()
        with pytest.raises(AddressTaken) as caught:
            await envoy.start(ports.addresses)
    assert (caught.value.host, caught.value.port) == ("127.0.0.1", ports.internal)
    assert "address already in use" in str(caught.value)
    assert (envoy.starts, envoy.pid) == (0, None)


async def test_says_why_envoy_did_not_start(
    ports: Ports, state: Path, supervise: Supervise
) -> None:
    (state / "current" / "bootstrap.json").write_text('{"no_such_field": 1}')
    envoy = supervise()
    with pytest.raises(EnvoyDidNotStart) as caught:
        await envoy.start(ports.addresses)
    assert "no_such_field" in "\n".join(caught.value.said)
    assert envoy.pid is None


async def test_envoys_log_is_in_ours(ports: Ports, state: Path, supervise: Supervise) -> None:
    (state / "current" / "bootstrap.json").write_text('{"no_such_field": 1}')
    with capture_logs() as logs:
        with pytest.raises(EnvoyDidNotStart):
            await supervise().start(ports.addresses)
        said = [log for log in logs if log["event"] == "envoy"]
    assert any("no_such_field" in log["said"] for log in said)


def test_waits_longer_and_longer() -> None:
    assert list(BACK_OFF) == sorted(BACK_OFF)


# --- the admin interface --------------------------------------------------------------------------


async def test_nothing_is_known_of_an_envoy_that_does_not_run(state: Path) -> None:
    admin = Admin(state)
    assert not await admin.is_ready()
    assert await admin.prometheus() == ""
    assert not await admin.wait_until_ready(0.05)
    assert not await admin.wait_for_clusters(["any"], 0.05)


async def test_tells_of_metrics_and_clusters(ports: Ports, supervise: Supervise) -> None:
    envoy = supervise()
    await envoy.start(ports.addresses)
    assert "envoy_server_live" in await envoy.admin.prometheus()
    assert await envoy.admin.wait_for_clusters(["forecourt-control"], 1)
    assert not await envoy.admin.wait_for_clusters(["forecourt-control", "other"], 0.05)
    assert not await envoy.admin.wait_for_clusters(["forecourt"], 0.05), "a name, not its beginning"


# --- buckets and secrets --------------------------------------------------------------------------


async def test_makes_the_buckets_before_envoy_starts(
    ports: Ports, state: Path, supervise: Supervise
) -> None:
    await supervise().start(ports.addresses)
    assert (state / "run" / "buckets").stat().st_size == SIZE


async def test_starts_no_envoy_that_would_have_no_buckets(
    ports: Ports, state: Path, supervise: Supervise
) -> None:
    (state / "run" / "buckets").mkdir(parents=True)
    envoy = supervise()
    with pytest.raises(BucketsUnusable, match="run/buckets: is a directory"):
        await envoy.start(ports.addresses)
    assert (envoy.starts, envoy.pid) == (0, None)


async def test_what_envoy_says_holds_no_secret_when_it_is_in_our_log(supervise: Supervise) -> None:
    """A crash prints the fields of the requests that Envoy was busy with."""
    stream = asyncio.StreamReader()
    stream.feed_data(b"critical backtrace: Caught Segmentation fault\n")
    stream.feed_data(b"      'x-api-key', 'hunter2'\n")
    stream.feed_data(b"      'authorization', 'Bearer hunter2'\n      ':path', '/things'\n")
    stream.feed_eof()
    envoy = supervise()
    with capture_logs() as logs:
        await envoy._relay(stream)
    said = [log["said"] for log in logs]
    assert said[0] == "backtrace: Caught Segmentation fault"
    assert "hunter2" not in str(said) + str(envoy._last_lines)
    assert said[-1] == "      ':path', '/things'"


async def test_an_empty_line_does_not_end_what_envoy_says(supervise: Supervise) -> None:
    """Who stops reading stops Envoy, once there is no room to write."""
    stream = asyncio.StreamReader()
    stream.feed_data(b"warning config: script load error\n\n\ninfo main: going on\n")
    stream.feed_eof()
    with capture_logs() as logs:
        await supervise()._relay(stream)
    assert [log["said"] for log in logs] == ["config: script load error", "main: going on"]
