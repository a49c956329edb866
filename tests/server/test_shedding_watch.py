"""What is measured of Envoy becomes a level that its workers see."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from forecourt.edge.buckets import prepare_buckets
from forecourt.edge.shared_level import SharedLevel
from forecourt.server.shedding_watch import SheddingWatch
from tests.edge.test_shared_level import Worker


class Edge:
    """An Envoy of two workers, as busy as a test says, and its watch."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "buckets"
        prepare_buckets(self.path)
        self.worker = Worker(self.path)
        self.registry = CollectorRegistry()
        self.seconds = {8: 0.0, 9: 0.0}
        self.pid: int | None = 7
        self.watch = SheddingWatch(
            self.path,
            lambda: self.pid,
            self.registry,
            measured=lambda pid: dict(self.seconds),
            clock=lambda: self.worker.time,
        )

    def passes(self, seconds: float, *, busy: float) -> None:
        for _ in range(int(seconds / 0.25)):
            self.watch.step()
            self.worker.time += 0.25
            self.seconds = {thread: s + 0.25 * busy for thread, s in self.seconds.items()}


@pytest.fixture
def edge(tmp_path: Path) -> Edge:
    return Edge(tmp_path)


def test_turns_away_while_the_workers_are_full_and_then_no_more(
    edge: Edge, capsys: pytest.CaptureFixture[str]
) -> None:
    edge.passes(5, busy=0.5)
    assert edge.worker.pressure() == 0
    edge.passes(20, busy=1.0)
    assert edge.worker.pressure() == edge.watch.level == 100
    told = edge.registry.get_sample_value("forecourt_shedding_level")
    assert told == 100
    edge.passes(30, busy=0.3)
    assert edge.worker.pressure() == edge.watch.level == 0
    said = capsys.readouterr().out
    assert said.count("the machine is full") == 1
    assert said.count("nobody is turned away any more") == 1


def test_where_the_watch_is_gone_nobody_is_turned_away_any_more(edge: Edge) -> None:
    edge.passes(20, busy=1.0)
    edge.worker.time += 2.0
    assert edge.worker.pressure() == 0


def test_another_envoy_begins_anew(edge: Edge) -> None:
    edge.passes(20, busy=1.0)
    edge.seconds = {18: 500.0, 19: 500.0}
    edge.passes(0.25, busy=0.0)
    edge.pid = None
    edge.passes(40, busy=0.0)
    assert edge.watch.level == 0


async def test_looks_on_where_the_edge_cannot_be_told(
    edge: Edge, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("forecourt.server.shedding_watch.SECONDS_BETWEEN_LOOKS", 0.0)
    aside = edge.path.with_name("aside")
    edge.path.rename(aside)
    looking = asyncio.create_task(edge.watch.keep())
    await asyncio.sleep(0.01)
    aside.rename(edge.path)
    await asyncio.sleep(0.01)
    assert not looking.done()
    looking.cancel()
    assert capsys.readouterr().out.count("callers cannot be turned away") == 1
    assert SharedLevel(edge.path).asked() == (0.0,) * 5
