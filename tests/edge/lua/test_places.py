"""Places of requests under way: never one too many, and none lost for ever."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from forecourt.edge.buckets import bucket_counts, prepare_buckets
from forecourt.edge.places import clear_places, free_places
from tests.edge.luajit import Lua

NOW = 5_000.0
_HOLDER = 2**51 + 7


class Worker:
    """One worker's view of the file."""

    def __init__(self, path: Path) -> None:
        self.lua = Lua()
        self.places = self.lua.module("places")
        self.buckets = self.lua.module("buckets")
        self.buckets.follow(str(path))

    def take(self, most: int, at: float = NOW, holder: int = _HOLDER) -> str | None:
        found = self.places.take(holder, most, at)
        return None if found is None else str(found)

    def leave(self, place: str | None) -> None:
        said = {} if place is None else {"forecourt": {"place": place}}
        self.places.leave(self.lua.handle(metadata=said))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    prepare_buckets(tmp_path / "buckets")
    return tmp_path / "buckets"


@pytest.mark.parametrize("most", [1, 2, 5, 1000])
def test_a_caller_has_as_many_places_as_it_may(path: Path, most: int) -> None:
    worker = Worker(path)
    taken = [worker.take(most) for _ in range(most)]
    assert None not in taken
    assert len(set(taken)) == most
    assert worker.take(most) is None
    assert worker.take(most, holder=_HOLDER + 1) is not None, "another's are others"


def test_what_is_given_back_is_free(path: Path) -> None:
    worker = Worker(path)
    first, _ = worker.take(2), worker.take(2)
    worker.leave(first)
    assert worker.take(2) is not None
    assert worker.take(2) is None


def test_nobody_gives_back_twice_what_another_has_meanwhile(path: Path) -> None:
    worker = Worker(path)
    first = worker.take(1)
    worker.leave(first)
    assert worker.take(1, NOW + 1) is not None
    worker.leave(first)
    assert worker.take(1, NOW + 1) is None


def test_what_nobody_gives_back_is_free_when_its_lease_ends(path: Path) -> None:
    worker = Worker(path)
    lease = worker.places.LEASE
    assert worker.take(1) is not None
    assert worker.take(1, NOW + lease - 0.001) is None
    assert worker.take(1, NOW + lease) is not None


def test_workers_share_them(path: Path) -> None:
    one, other = Worker(path), Worker(path)
    place = one.take(1)
    assert other.take(1) is None
    other.leave(place)
    assert one.take(1) is not None


def test_a_limit_that_shrinks_counts_what_is_under_way_in_the_places_that_are_left(
    path: Path,
) -> None:
    """What is in the others ends beside it; docs/limits.md says so."""
    worker = Worker(path)
    left = {str(place).split()[0] for place in (worker.take(3) for _ in range(3))}
    others = [worker.take(5) for _ in range(2)]
    assert None not in others
    assert worker.take(3) is None
    for place in others:
        worker.leave(place)
    assert worker.take(3) is None, "those were of no account"
    again = worker.take(5)
    assert again is not None
    assert again.split()[0] not in left


def test_what_ended_otherwise_is_given_back_by_the_access_log(path: Path) -> None:
    worker = Worker(path)
    held = [worker.take(3) for _ in range(3)]
    free_places(path, [place for place in held[:2] if place])
    assert worker.take(3, NOW + 1) is not None
    assert worker.take(3, NOW + 1) is not None
    assert worker.take(3, NOW + 1) is None
    free_places(path, [place for place in held[:2] if place])
    assert worker.take(3, NOW + 1) is None, "they are others' now"


def test_a_line_that_says_nonsense_frees_nothing(path: Path) -> None:
    worker = Worker(path)
    place = worker.take(1)
    assert place is not None
    nonsense = [
        "",
        "x",
        "1",
        "1 2",
        f"{place} 7",
        place.replace(" ", " 1"),
        "4503599627370497 ..e+",
    ]
    free_places(path, nonsense)
    assert worker.take(1, NOW + 1) is None


def test_where_no_envoy_runs_nothing_is_under_way(path: Path) -> None:
    worker = Worker(path)
    worker.buckets.take(_HOLDER, 60.0, 60.0, NOW)
    for _ in range(3):
        worker.take(3)
    clear_places(path)
    assert worker.take(3) is not None
    assert worker.buckets.take(_HOLDER, 60.0, 60.0, NOW)[2] == 60.0, "buckets stay as they are"


def test_a_refusal_is_counted_once(path: Path) -> None:
    worker = Worker(path)
    while worker.take(100):
        pass
    assert bucket_counts(path).refused == 1


def test_an_answer_without_a_place_frees_nobodys(path: Path) -> None:
    worker = Worker(path)
    assert worker.take(1) is not None
    worker.leave(None)
    assert worker.take(1, NOW + 1) is None


def test_nothing_that_goes_wrong_is_raised_on_the_way_out(path: Path) -> None:
    worker = Worker(path)
    worker.leave("nonsense")
    worker.leave("1 x y")
    assert worker.take(1) is not None


_RACER = """
import sys, time
from pathlib import Path
from tests.edge.lua.test_places import Worker
worker, till = Worker(Path(sys.argv[1])), float(sys.argv[2])
while time.time() < till:
    held = [place for place in (worker.take(4, time.monotonic()) for _ in range(4)) if place]
    for place in held:
        worker.leave(place)
"""


def test_workers_that_race_lose_none(path: Path) -> None:
    words = [sys.executable, "-c", _RACER, str(path), str(time.time() + 0.8)]
    racers = [subprocess.Popen(words, cwd=Path(__file__).parents[3]) for _ in range(2)]
    assert [racer.wait() for racer in racers] == [0, 0]
    worker, now = Worker(path), time.monotonic()
    assert sum(worker.take(4, now) is not None for _ in range(6)) == 4
