"""One Envoy takes over from another that was left behind: real ones."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import ssl
from pathlib import Path
from threading import Event, Thread

import pytest

from forecourt.edge import predecessor, supervisor
from forecourt.edge.supervisor import EnvoyDidNotStart
from tests.edge.conftest import Supervise
from tests.edge.state import Ports
from tests.edge.test_supervisor import is_alive, until

pytestmark = [pytest.mark.end_to_end, pytest.mark.slow]


class Client:
    """Connects again and again; counts what goes wrong. What the answer is does not matter: no
    companion runs here, so nobody is let in."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._context = ssl._create_unverified_context()
        self._stopped = Event()
        self.connected, self.failures = 0, list[str]()
        self._thread = Thread(target=self._run)

    def connection(self) -> ssl.SSLSocket:
        plain = socket.create_connection(("127.0.0.1", self._port), timeout=5)
        return self._context.wrap_socket(plain, server_hostname="localhost")

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                with self.connection() as secure:
                    secure.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
                    assert secure.recv(1000).startswith(b"HTTP/1.1 ")
                self.connected += 1
            except (OSError, AssertionError) as error:
                self.failures.append(repr(error))

    def __enter__(self) -> Client:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()


async def has_ended(pid: int) -> None:
    async def is_gone() -> bool:
        return not is_alive(pid)

    await until(is_gone, f"{pid} has ended")


async def test_takes_over_again_and_again_and_turns_nobody_away(
    ports: Ports, state: Path, supervise: Supervise
) -> None:
    first = supervise()
    await first.start(ports.addresses)
    with Client(ports.external) as client:
        before = first.pid
        for epoch in (1, 2, 3):
            following = supervise()
            await following.start(ports.addresses)
            assert following.pid != before
            assert (await following.admin.server()).epoch == epoch
            assert (state / "run" / "envoy.pid").read_text() == f"{following.pid}\n"
            before = following.pid
        count = client.connected

        async def is_served() -> bool:
            return client.connected > count

        await until(is_served, "it connects again")
    assert client.failures == []


async def test_what_is_connected_is_served_on_and_told_to_leave(
    ports: Ports, supervise: Supervise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "_HAND_OVER_SECONDS", 1)
    earlier, later = supervise(), supervise()
    await earlier.start(ports.addresses)
    assert earlier.pid is not None
    client = Client(ports.external)
    with client.connection() as secure:
        await later.start(ports.addresses)
        assert is_alive(earlier.pid)
        secure.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        said = await asyncio.to_thread(secure.recv, 4000)
        assert said.startswith(b"HTTP/1.1 ")
        assert b"connection: close" in said.lower()
    await has_ended(earlier.pid)


async def test_one_that_ends_ends_the_one_before_too(ports: Ports, supervise: Supervise) -> None:
    earlier, later = supervise(), supervise()
    await earlier.start(ports.addresses)
    pids = [earlier.pid]
    with Client(ports.external).connection():
        await later.start(ports.addresses)
        pids.append(later.pid)
        await later.stop()
    assert [pid for pid in pids if pid is not None and is_alive(pid)] == []


async def test_one_that_dies_at_the_take_over_is_started_again_and_alone(
    ports: Ports, supervise: Supervise
) -> None:
    earlier, later = supervise(), supervise()
    await earlier.start(ports.addresses)
    assert earlier.pid is not None
    with Client(ports.external).connection():
        await later.start(ports.addresses)
        keeping = asyncio.create_task(later.keep())
        assert later.pid is not None
        os.kill(later.pid, signal.SIGKILL)

        async def is_back() -> bool:
            return later.starts == 2 and await later.admin.is_ready()

        await until(is_back, "envoy is back")
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
    assert not is_alive(earlier.pid)
    with Client(ports.external).connection():
        pass


async def test_one_that_does_not_start_leaves_the_one_before_to_serve(
    ports: Ports, state: Path, supervise: Supervise
) -> None:
    earlier, later = supervise(), supervise()
    await earlier.start(ports.addresses)
    whole = (state / "current" / "bootstrap.json").read_text()
    (state / "current" / "bootstrap.json").write_text('{"no_such_field": 1}')
    with pytest.raises(EnvoyDidNotStart, match="no_such_field"):
        await later.start(ports.addresses)
    assert earlier.pid is not None
    assert is_alive(earlier.pid)
    with Client(ports.external).connection():
        pass
    # And the next starts again, if not without a gap: Envoy takes over once or not at all.
    (state / "current" / "bootstrap.json").write_text(whole)
    await supervise().start(ports.addresses)
    assert not is_alive(earlier.pid)


async def _another_version() -> str:
    return "11.1"


@pytest.mark.parametrize("cannot", ["another version", "no shared memory", "no base id"])
async def test_one_that_cannot_hand_over_is_ended_first(
    ports: Ports,
    state: Path,
    supervise: Supervise,
    monkeypatch: pytest.MonkeyPatch,
    cannot: str,
) -> None:
    earlier, later = supervise(), supervise()
    if cannot == "no shared memory":
        monkeypatch.setattr(predecessor, "_SHARED_MEMORY", Path("/nowhere"))
    await earlier.start(ports.addresses)
    if cannot == "another version":
        monkeypatch.setattr(predecessor, "_own_version", _another_version)
    elif cannot == "no base id":
        (state / "run" / "envoy.base").unlink()
    assert earlier.pid is not None
    await later.start(ports.addresses)
    assert not is_alive(earlier.pid)
    assert (await later.admin.server()).epoch == 0


async def test_nobody_else_may_take_over(ports: Ports, state: Path, supervise: Supervise) -> None:
    """Who may speak to these sockets is handed the connections of others."""
    envoy = supervise()
    await envoy.start(ports.addresses)
    found = {p: p.stat().st_mode & 0o077 for p in (state / "run").glob("hand-over*")}
    assert found
    assert set(found.values()) == {0}


async def test_leaves_nothing_behind(ports: Ports, state: Path, supervise: Supervise) -> None:
    envoy = supervise()
    await envoy.start(ports.addresses)
    base_id = (state / "run" / "envoy.base").read_text().strip()

    def left() -> list[Path]:
        memory = Path("/dev/shm").glob(f"envoy_shared_memory_{base_id}*")
        return [*memory, *(state / "run").glob("hand-over*")]

    assert len(left()) > 1
    await envoy.stop()
    assert left() == []
