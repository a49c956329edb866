"""Snapshots served: no request meets a route whose upstream is not there yet."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from forecourt.edge import serving
from forecourt.edge.serving import EdgeOnDisk
from forecourt.edge.supervisor import EnvoyOptions, Supervisor
from forecourt.edge.validation import SnapshotRefused
from forecourt.estate.api import Upstream
from tests.compiler.builders import resources, routes_of
from tests.edge.state import Ports, a_state_folder
from tests.governance.builders import an_api

pytestmark = [pytest.mark.end_to_end, pytest.mark.slow]


def an_api_at(port: int, name: str = "payments") -> Any:
    return an_api(name, upstream=Upstream(url=f"http://127.0.0.1:{port}"))


@pytest.fixture
def state() -> Iterator[Path]:
    with a_state_folder() as folder:
        yield folder


@pytest.fixture
def ports() -> Ports:
    return Ports()


@pytest.fixture
async def running(state: Path, ports: Ports) -> AsyncIterator[EdgeOnDisk]:
    """An edge that serves one API, with Envoy."""
    ports.publish(state, an_api_at(1))
    supervisor = Supervisor(EnvoyOptions(state=state, concurrency=1, memory=1 << 30))
    await supervisor.start(ports.addresses)
    yield EdgeOnDisk(state)
    await supervisor.stop()


def steps(state: Path) -> list[Path]:
    """Snapshots that stood for a moment between two others."""
    folders = [path for path in (state / "snapshots").iterdir() if "old" in path.name]
    return sorted(folders, key=lambda path: path.stat().st_mtime_ns)


async def test_serves_before_envoy_runs(state: Path, ports: Ports) -> None:
    edge = EdgeOnDisk(state)
    assert edge.served() is None
    for made in (ports.snapshot(an_api_at(1)), ports.snapshot(an_api_at(2))):
        await edge.serve(made.digest, made.files)
        assert edge.served() == made.digest
    assert steps(state) == []


async def test_new_upstreams_are_known_before_routes_lead_there(
    running: EdgeOnDisk, state: Path, ports: Ports
) -> None:
    made = ports.snapshot(an_api_at(2))
    await running.serve(made.digest, made.files)
    assert running.served() == made.digest
    (step,) = steps(state)
    clusters = json.loads((step / "clusters.json").read_bytes())["resources"]
    upstreams = {c["name"] for c in clusters if not c["name"].startswith("forecourt-")}
    assert upstreams == {"http://127.0.0.1:1", "http://127.0.0.1:2", "mock"}
    old = ports.snapshot(an_api_at(1))
    assert (step / "routes-external.json").read_bytes() == old.files["routes-external.json"]
    assert await running._admin.wait_for_clusters(["http://127.0.0.1:2"], 2)


async def test_what_brings_no_upstream_is_served_in_one_step(
    running: EdgeOnDisk, state: Path, ports: Ports
) -> None:
    made = ports.snapshot(an_api_at(1), an_api_at(1, "orders"))
    await running.serve(made.digest, made.files)
    assert steps(state) == []


async def test_a_step_never_brings_back_what_served_long_before(
    running: EdgeOnDisk, state: Path, ports: Ports
) -> None:
    wanted = ports.snapshot(an_api_at(2))
    closed = ports.snapshot()
    for made in (wanted, closed, wanted):
        await running.serve(made.digest, made.files)
    first, second = steps(state)
    old = closed.files["routes-external.json"]
    assert (first / "routes-external.json").read_bytes() != old
    assert (second / "routes-external.json").read_bytes() == old


async def test_a_publication_waits_for_no_upstream_for_long(
    running: EdgeOnDisk, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "_CLUSTER_SECONDS", 0.0)
    made = ports.snapshot(an_api("x", upstream=Upstream(url="http://nowhere.invalid")))
    await running.serve(made.digest, made.files)
    assert running.served() == made.digest


async def test_keeps_so_many_snapshots_and_no_more(
    state: Path, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "_KEPT", 2)
    edge = EdgeOnDisk(state)
    for port in range(1, 5):
        made = ports.snapshot(an_api_at(port))
        await edge.serve(made.digest, made.files)
    assert len(list((state / "snapshots").iterdir())) == 2
    assert edge.served() == made.digest


async def test_what_cannot_be_written_leaves_what_served(state: Path, ports: Ports) -> None:
    edge = EdgeOnDisk(state)
    first = ports.snapshot(an_api_at(1))
    await edge.serve(first.digest, first.files)
    with pytest.raises(OSError, match="no/folder"):
        await edge.serve("second", {**first.files, "no/folder.json": b"{}"})
    assert edge.served() == first.digest


# --- what envoy takes -----------------------------------------------------------------------------


async def test_envoy_is_asked_about_listeners_that_change(state: Path, ports: Ports) -> None:
    made = ports.publish(state, an_api_at(1))
    edge = EdgeOnDisk(state)
    await edge.accept(made.files)
    broken = made.files["listeners.json"].replace(b"127.0.0.1", b"no address")
    with pytest.raises(SnapshotRefused) as caught:
        await edge.accept({**made.files, "listeners.json": broken})
    assert "no address" in caught.value.because


async def test_envoy_is_asked_before_the_first(state: Path, ports: Ports) -> None:
    made = ports.snapshot(an_api_at(1))
    with pytest.raises(SnapshotRefused):
        await EdgeOnDisk(state).accept(made.files)  # no certificate is there yet


async def test_envoy_is_not_asked_where_only_routes_change(state: Path, ports: Ports) -> None:
    """A save would take a quarter of a second longer."""
    ports.publish(state, an_api_at(1))
    made = ports.snapshot(an_api_at(2))
    await EdgeOnDisk(state).accept({**made.files, "routes-external.json": b"not even JSON"})


def test_the_tests_snapshots_are_whole(ports: Ports) -> None:
    made = ports.snapshot(an_api_at(1))
    assert set(routes_of(made, "external")) == {"/payments/v1/"}
    assert len(resources(made, "listeners.json")) == 2
