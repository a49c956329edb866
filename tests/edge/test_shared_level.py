"""The level as workers see it: at once, by class, and for a moment only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forecourt.edge.buckets import bucket_counts, prepare_buckets
from forecourt.edge.shared_level import SharedLevel
from tests.edge.luajit import Lua


class Worker:
    """One worker's view of a file of buckets, with a clock."""

    def __init__(self, path: Path) -> None:
        self.time = 100.0
        lua = Lua()
        lua.run("return package.loaded")["forecourt.clock"] = lua.value(
            {"monotonic": lambda: self.time}
        )
        self.module: Any = lua.module("buckets")
        self.module.follow(str(path))

    def pressure(self, its_class: int = 0) -> float:
        return float(self.module.pressure(its_class))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "buckets"
    prepare_buckets(path)
    return path


def test_nobody_is_turned_away_where_nothing_was_said(path: Path) -> None:
    assert [Worker(path).pressure(c) for c in range(5)] == [0] * 5
    assert SharedLevel(path).asked() == (0.0,) * 5


def test_every_worker_sees_a_level_at_once_by_class(path: Path) -> None:
    workers = [Worker(path), Worker(path)]
    SharedLevel(path).say(140.0, till=102.0)
    for worker in workers:
        assert [worker.pressure(c) for c in range(5)] == [140, 40, -60, -160, -260]
    assert SharedLevel(path).asked() == (2.0,) * 5
    SharedLevel(path).say(0.0, till=102.0)
    assert workers[0].pressure() == 0


def test_a_level_that_nobody_says_anew_ends(path: Path) -> None:
    worker = Worker(path)
    SharedLevel(path).say(100.0, till=102.0)
    worker.time = 101.9
    assert worker.pressure() == SharedLevel(path).level(101.9) == 100
    assert SharedLevel(path).level(102.0) == 0
    worker.time = 102.0
    assert worker.pressure() == 0


def test_a_restart_of_envoy_and_its_locks_leave_it_alone(path: Path) -> None:
    SharedLevel(path).say(100.0, till=102.0)
    prepare_buckets(path)
    worker = Worker(path)
    assert worker.pressure() == 100
    assert worker.module.take(5, 0.6, 15.0, 100.0)[0] == 24, "buckets work as ever"
    counts = bucket_counts(path)
    assert (counts.refused, counts.displaced) == (0, 0)
