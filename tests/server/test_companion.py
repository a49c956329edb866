"""What runs beside Envoy, and stops in order."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from forecourt.actions.publish import Published
from forecourt.bootstrap import companion, opened_world, publisher
from forecourt.edge.snapshots import SnapshotFolder
from forecourt.edge.supervisor import AddressTaken, Supervisor
from forecourt.server import companion as under_test
from forecourt.server.companion import publish_what_is_saved, serving_gateway
from forecourt.server.key_wishes import KeyWishes
from forecourt.server.publisher import Publisher, Report
from forecourt.settings import read_settings
from tests.actions.publishing import FORECOURT, an_api_file, some_files
from tests.edge.state import Ports, a_state_folder
from tests.end_to_end.ports import free_ports

pytestmark = [pytest.mark.end_to_end, pytest.mark.slow]


class Place:
    """An estate on ports of its own, with a state folder whose path is short."""

    def __init__(self, folder: Path, state: Path) -> None:
        self.folder = folder / "acme"
        self.state = state
        self.ports = Ports()
        (self.operations,) = free_ports(1)
        for path, text in some_files().items():
            self.write(path, text)
        self.write(
            "forecourt.yaml",
            FORECOURT.replace("0.0.0.0:8443", f"127.0.0.1:{self.ports.external}").replace(
                "127.0.0.1:9443", f"127.0.0.1:{self.ports.internal}"
            ),
        )

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    @asynccontextmanager
    async def served(self) -> AsyncIterator[Supervisor]:
        """The gateway, with everything that is declared published."""
        environ = {
            "FORECOURT_STATE": str(self.state),
            "FORECOURT_OPERATIONS": f"127.0.0.1:{self.operations}",
            "FORECOURT_CONCURRENCY": "1",
        }
        settings = read_settings(self.folder, local=True, environ=environ)
        async with opened_world(settings) as world:
            published = publisher(world)
            await published.publish(who="test", because="up")
            gateway = serving_gateway(await companion(world, published, KeyWishes()))
            async with gateway as supervisor:
                yield supervisor

    async def health(self) -> httpx.Response:
        async with httpx.AsyncClient() as client:
            return await client.get(f"http://127.0.0.1:{self.operations}/health/ready")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with a_state_folder() as state:
        yield Place(tmp_path, state)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def sockets(place: Place) -> list[str]:
    return [path.name for path in (place.state / "run").glob("*.sock")]


async def over(state: Path, path: str, method: str, url: str, **fields: str) -> httpx.Response:
    transport = httpx.AsyncHTTPTransport(uds=str(state / "run" / path), verify=False)
    async with httpx.AsyncClient(transport=transport) as client:
        return await client.request(method, f"http://here{url}", headers=fields)


async def test_everything_runs_until_the_block_ends(place: Place) -> None:
    async with place.served() as supervisor:
        ready = await place.health()
        assert (ready.status_code, ready.json()["status"]) == (200, "ready")
        spiffe = {
            "forecourt-kind": "spiffe",
            "forecourt-credential": "spiffe://acme.example/orders",
            "forecourt-listener": "internal",
        }
        known = await over(place.state, "control.sock", "POST", "/resolve", **spiffe)
        assert "consumer service:orders" in known.text
        mocked = await over(place.state, "mock.sock", "GET", "/payments/things")
        assert mocked.status_code < 500
        assert (place.state / "run" / "news").read_text().splitlines()[0].endswith(" 1")
        pid = supervisor.pid
        assert pid is not None
    assert not is_alive(pid)
    assert sockets(place) == []
    for port in (place.operations, place.ports.external, place.ports.internal):
        assert is_free(port)


async def test_is_not_ready_while_envoy_is_away(place: Place) -> None:
    async with place.served() as supervisor:
        await supervisor.stop()
        answer = await place.health()
        assert answer.status_code == 503
        assert answer.json()["not_ready"] == {"envoy": "envoy does not serve"}


@pytest.mark.parametrize(
    ("which", "says"),
    [("operations", "change `FORECOURT_OPERATIONS`"), ("external", "`address` in forecourt.yaml")],
)
async def test_a_taken_address_leaves_nothing_running(place: Place, which: str, says: str) -> None:
    port = place.operations if which == "operations" else place.ports.external
    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(AddressTaken, match=says) as caught,
    ):
        async with place.served():
            pytest.fail("it started")
    assert caught.value.port == port
    assert sockets(place) == []
    assert is_free(place.ports.internal)


# --- saves ----------------------------------------------------------------------------------------


class Told:
    """What came of saves, one after the other."""

    def __init__(self) -> None:
        self._heard: asyncio.Queue[Report | Exception] = asyncio.Queue()

    def __call__(self, what: Report | Exception) -> None:
        self._heard.put_nowait(what)

    async def next(self) -> Any:
        return await asyncio.wait_for(self._heard.get(), 15)

    async def nothing_for(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._heard.get(), seconds)
        except TimeoutError:
            return True
        return False


@asynccontextmanager
async def watched(place: Place) -> AsyncIterator[tuple[Told, list[Exception]]]:
    """The estate published whenever something is saved, without Envoy."""
    told = Told()
    fails: list[Exception] = []
    settings = read_settings(
        place.folder, local=True, environ={"FORECOURT_STATE": str(place.state)}
    )
    async with opened_world(settings) as world:
        published = publisher(world)
        first = await published.publish(who="test", because="up")
        real = published.publish

        async def publish(*, who: str, because: str) -> Report:
            if fails:
                raise fails.pop()
            return await real(who=who, because=because)

        published.publish = publish  # type: ignore[method-assign]
        watching = asyncio.create_task(
            publish_what_is_saved(
                published, place.folder, last=first, who="ada", told=told, failed=told
            )
        )
        yield told, fails
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def test_what_is_saved_is_published(place: Place) -> None:
    async with watched(place) as (told, _):
        place.write("apis/payments/api.yaml", an_api_file("internal"))
        report = await told.next()
        assert isinstance(report.outcome, Published)
        assert report.outcome.moved == ("api/payments",)
        assert (report.outcome.revision.who, report.outcome.revision.because) == ("ada", "saved")


async def test_what_was_recorded_and_not_served_is_served(place: Place) -> None:
    """A step that was cut short, by a full disk or a kill, does not stay that way."""
    async with watched(place) as (told, _):
        folder = SnapshotFolder(place.state)
        recorded = folder.current()
        assert recorded is not None
        folder.write("an-older-one", folder.read(recorded))
        folder.publish("an-older-one")
        assert isinstance((await told.next()).outcome, Published)
        assert folder.current() == recorded


async def test_a_publication_that_fails_does_not_end_it(place: Place) -> None:
    async with watched(place) as (told, fails):
        fails.append(OSError("no space left"))
        place.write("apis/payments/api.yaml", an_api_file("internal"))
        assert str(await told.next()) == "no space left"
        place.write("apis/payments/api.yaml", an_api_file("partner"))
        assert isinstance(await told.next(), Report)


async def test_what_is_hidden_is_no_part_of_the_estate(place: Place) -> None:
    async with watched(place) as (told, _):
        for path in (".git/HEAD", "apis/.swap", ".forecourt/x"):
            place.write(path, "changed")
        assert await told.nothing_for(0.3)


async def test_a_day_that_begins_is_looked_at_once(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A waiver may run out while nobody saves."""
    monkeypatch.setattr(under_test, "_LOOK_AGAIN_MS", 50)
    days = [date(2026, 3, 1)]
    monkeypatch.setattr(Publisher, "today", lambda _: days[-1])
    async with watched(place) as (told, _):
        assert await told.nothing_for(0.2), "the day is the same"
        days.append(date(2026, 3, 2))
        assert isinstance(await told.next(), Report)
        assert await told.nothing_for(0.2), "and the same again"
