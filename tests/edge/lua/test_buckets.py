"""Token buckets by the formula, whatever clocks, plans, crowds and other workers do."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lupa import luajit21

from forecourt.edge.buckets import SETS, SIZE, WAYS, bucket_counts, prepare_buckets
from forecourt.estate.rate_limit import RateLimit
from tests.edge.luajit import Lua

NOW = 5_000.0


class Buckets:
    """One worker's view of a file of buckets."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._module = Lua().module("buckets")
        self._module.follow(str(path))

    def take(
        self, bucket: int, rate: float, capacity: float, at: float
    ) -> tuple[int, int, float | None]:
        """Requests left, seconds until it is full, seconds to wait; `rate` is by the minute."""
        left, full, wait = self._module.take(bucket, 60 / rate, 60 / rate * capacity, at)
        return int(left), int(full), wait

    def passes(self, bucket: int, rate: float, capacity: float, at: float) -> bool:
        return self.take(bucket, rate, capacity, at)[2] is None

    def burst(self, bucket: int, rate: float, capacity: float, at: float) -> int:
        """How many pass at one moment."""
        passed = 0
        while self.passes(bucket, rate, capacity, at):
            passed += 1
            assert passed < 100_000
        return passed


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("run") / "buckets"
    prepare_buckets(path)
    return path


@pytest.fixture(scope="module")
def buckets(path: Path) -> Buckets:
    return Buckets(path)


@pytest.fixture(scope="module")
def fresh() -> Callable[[], int]:
    """Ids of buckets that nobody has used."""
    ids = iter(range(1, 10**9))
    return lambda: next(ids)


a_rate = st.integers(1, 100_000)
an_allowance = st.decimals("1", "3", places=2)
pauses = st.lists(st.floats(0, 90), min_size=1, max_size=150)


# --- the formula ----------------------------------------------------------------------------------


@given(a_rate, an_allowance, pauses)
def test_in_any_window_no_more_pass_than_the_bucket_and_its_refill(
    buckets: Buckets, fresh: Callable[[], int], rate: int, allowance: Any, pauses: list[float]
) -> None:
    capacity = float(RateLimit(requests_per_minute=rate, burst_allowance=allowance).capacity)
    bucket, at, passed = fresh(), NOW, []
    for pause in pauses:
        at += pause * 60 / rate  # in requests' worth
        if buckets.passes(bucket, rate, capacity, at):
            passed.append(at)
    for first, began in enumerate(passed):
        for last in range(first, len(passed)):
            allowed = capacity + rate / 60 * (passed[last] - began)
            assert last - first + 1 <= allowed + 1e-3


@given(a_rate, an_allowance)
def test_all_that_the_formula_promises_passes_at_once(
    buckets: Buckets, fresh: Callable[[], int], rate: int, allowance: Any
) -> None:
    capacity = RateLimit(requests_per_minute=rate, burst_allowance=allowance).capacity
    if capacity <= 5_000:
        assert buckets.burst(fresh(), rate, float(capacity), NOW) == int(capacity)


@given(a_rate, st.floats(0, 1), st.integers(0, 20))
def test_a_refused_request_costs_nothing(
    buckets: Buckets, fresh: Callable[[], int], rate: int, share: float, refused: int
) -> None:
    bucket, interval = fresh(), 60 / rate
    while buckets.passes(bucket, rate, 3.0 if rate > 2 else 1.0, NOW):
        pass
    capacity = 3.0 if rate > 2 else 1.0
    for n in range(refused):
        assert not buckets.passes(bucket, rate, capacity, NOW + share * 0.99 * interval * n / 20)
    assert buckets.passes(bucket, rate, capacity, NOW + interval)
    assert not buckets.passes(bucket, rate, capacity, NOW + interval)


@given(a_rate, st.floats(1, 20), st.floats(0, 3))
def test_what_it_says_is_so(
    buckets: Buckets, fresh: Callable[[], int], rate: int, capacity: float, later: float
) -> None:
    bucket = fresh()
    buckets.burst(bucket, rate, capacity, NOW)
    at = NOW + later * 60 / rate
    left, full, wait = buckets.take(bucket, rate, capacity, at)
    assert 0 <= left <= capacity
    assert 0 <= full <= 60 / rate * capacity + 1
    if wait is not None:
        assert left == 0
        assert not buckets.passes(bucket, rate, capacity, at + wait * 0.999 - 1e-5)
        assert buckets.passes(bucket, rate, capacity, at + wait)
    else:
        assert buckets.burst(bucket, rate, capacity, at) == left


def test_is_full_when_it_said_and_holds_no_more_then_or_later(
    buckets: Buckets, fresh: Callable[[], int]
) -> None:
    for wait in (0, 1, 1_000_000):
        bucket = fresh()
        assert buckets.burst(bucket, 60, 15, NOW) == 15
        _, full, _ = buckets.take(bucket, 60, 15, NOW)
        assert full == 15
        assert buckets.burst(bucket, 60, 15, NOW + full + wait) == 15


# --- plans that change ----------------------------------------------------------------------------


@given(a_rate, st.floats(1, 50), a_rate, st.floats(1, 50), st.floats(0, 1))
def test_another_plan_carries_over_the_time_that_is_owed(
    buckets: Buckets,
    fresh: Callable[[], int],
    rate: int,
    capacity: float,
    other_rate: int,
    other_capacity: float,
    share: float,
) -> None:
    """What must refill stays as many seconds, but for what the other bucket does not hold."""
    bucket = fresh()
    spent = 0
    while spent < int(share * capacity) and buckets.passes(bucket, rate, capacity, NOW):
        spent += 1
    owed = min(spent * 60 / rate, other_capacity * 60 / other_rate)
    left = int((other_capacity * 60 / other_rate - owed) * other_rate / 60 + 1e-4)
    found = buckets.burst(bucket, other_rate, other_capacity, NOW)
    assert abs(found - left) <= (0 if left < 1_000 else 1)


def test_no_plan_refills_another(buckets: Buckets, fresh: Callable[[], int]) -> None:
    bucket = fresh()
    buckets.burst(bucket, 60, 15, NOW)
    for _ in range(5):
        assert not buckets.passes(bucket, 60, 15, NOW)
        assert not buckets.passes(bucket, 6_000, 1_500, NOW + 0.001)
        buckets.burst(bucket, 6_000, 1_500, NOW + 0.001)


# --- clocks that jump -----------------------------------------------------------------------------


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=40))
def test_a_clock_that_jumps_shuts_nobody_out_and_gives_no_more_than_time(
    buckets: Buckets, fresh: Callable[[], int], moments: list[float]
) -> None:
    bucket, rate, capacity = fresh(), 60, 5.0
    assert buckets.burst(bucket, rate, capacity, moments[0] + 2e9) == capacity
    for before, after in pairwise(m + 2e9 for m in moments):
        _, _, wait = buckets.take(bucket, rate, capacity, after)
        if wait is None:
            assert after > before, "time went back and something was refilled"
            buckets.burst(bucket, rate, capacity, after)
        else:
            assert wait <= 1 + 1e-6, "longer than one request takes"


# --- crowds ---------------------------------------------------------------------------------------


def a_crowd(fresh: Callable[[], int], size: int) -> list[int]:
    """Ids that share a set which nobody else uses."""
    first = 40_000 + fresh() % 20_000
    return [first + n * SETS for n in range(1, size + 1)]


def test_a_set_holds_so_many_and_none_is_displaced(
    buckets: Buckets, fresh: Callable[[], int]
) -> None:
    before = bucket_counts(buckets.path).displaced
    crowd = a_crowd(fresh, WAYS)
    assert [buckets.burst(bucket, 60, 15, NOW) for bucket in crowd] == [15] * WAYS
    assert not any(buckets.passes(bucket, 60, 15, NOW) for bucket in crowd)
    assert bucket_counts(buckets.path).displaced == before


def test_what_is_full_again_makes_room_and_nothing_is_lost(
    buckets: Buckets, fresh: Callable[[], int]
) -> None:
    before = bucket_counts(buckets.path).displaced
    *crowd, newcomer = a_crowd(fresh, WAYS + 1)
    for bucket in crowd:
        buckets.burst(bucket, 60, 15, NOW)
    assert buckets.burst(newcomer, 60, 15, NOW + 16) == 15
    assert bucket_counts(buckets.path).displaced == before


def test_the_fullest_makes_room_and_that_is_counted(
    buckets: Buckets, fresh: Callable[[], int]
) -> None:
    before = bucket_counts(buckets.path).displaced
    *crowd, newcomer = a_crowd(fresh, WAYS + 1)
    for spent, bucket in enumerate(crowd, 3):
        for _ in range(spent):
            assert buckets.passes(bucket, 60, 15, NOW)
    left, _, _ = buckets.take(newcomer, 60, 15, NOW)
    assert left == 15 - 3 - 1, "it goes on from the one that makes room"
    assert bucket_counts(buckets.path).displaced == before + 1
    lefts = [buckets.take(bucket, 60, 15, NOW)[0] for bucket in crowd[1:]]
    assert lefts == [15 - spent - 1 for spent in range(4, 4 + WAYS - 1)], "the others are as before"


@given(st.lists(st.tuples(st.integers(0, 11), st.floats(0, 2)), max_size=300))
def test_to_crowd_a_bucket_out_refills_nobodys(
    buckets: Buckets, fresh: Callable[[], int], turns: list[tuple[int, float]]
) -> None:
    crowd, rate, capacity = a_crowd(fresh, 12), 60, 4.0
    at = NOW + fresh() * 1_000.0
    passed: dict[int, list[float]] = {bucket: [] for bucket in crowd}
    for who, pause in turns:
        at += pause / 8
        if buckets.passes(crowd[who], rate, capacity, at):
            passed[crowd[who]].append(at)
    for moments in passed.values():
        for first, began in enumerate(moments):
            for last in range(first, len(moments)):
                allowed = capacity + rate / 60 * (moments[last] - began)
                assert last - first + 1 <= allowed + 1e-3


# --- several workers ------------------------------------------------------------------------------


def test_two_states_see_one_bucket(path: Path, buckets: Buckets, fresh: Callable[[], int]) -> None:
    bucket, other = fresh(), Buckets(path)
    turns = [(buckets, other)[n % 2].passes(bucket, 60, 15, NOW) for n in range(20)]
    assert turns == [True] * 15 + [False] * 5


# Asks for one bucket as fast as it can until a moment; the bucket's own clock stands still, and a
# token is a second, so that the bucket counts exactly.
_HAMMER = """
local path, bucket, till, depth = ...
local buckets, clock = require("forecourt.buckets"), require("forecourt.clock")
buckets.follow(path)
local passed = 0
while clock.now() < till do
  for _ = 1, 1000 do
    local _, _, wait = buckets.take(bucket, 1, depth, 5000)
    if not wait then passed = passed + 1 end
  end
end
return passed
"""
_PROCESS = """
import sys
from tests.edge.luajit import Lua
path, bucket, till, depth, source = sys.argv[1:]
print(Lua().run(source, path, int(bucket), float(till), int(depth)))
"""
_SECONDS = 0.9


@pytest.mark.parametrize("depth", [10**9, 10_000], ids=["that never is empty", "that runs out"])
def test_processes_that_hammer_one_bucket_let_through_what_one_would(
    path: Path, buckets: Buckets, fresh: Callable[[], int], depth: int
) -> None:
    bucket, till = fresh(), time.time() + _SECONDS
    arguments = (str(path), str(bucket), str(till), str(depth), _HAMMER)
    command = [sys.executable, "-c", _PROCESS, *arguments]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    passed = sum(int(child.communicate(timeout=60)[0]) for child in children)
    assert passed > 1_000, "they did not get to it"
    if passed < depth:
        left, _, _ = buckets.take(bucket, 60, depth, NOW)
        assert left == depth - passed - 1, "two took one token"
    assert passed <= depth


def test_threads_that_hammer_one_bucket_let_through_what_one_would(
    path: Path, buckets: Buckets, fresh: Callable[[], int]
) -> None:
    bucket, passed, till = fresh(), [], time.time() + _SECONDS / 3

    def hammer() -> None:
        passed.append(Lua().run(_HAMMER, str(path), bucket, till, 10**9))

    threads = [threading.Thread(target=hammer) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left, _, _ = buckets.take(bucket, 60, 10**9, NOW)
    assert left == 10**9 - sum(passed) - 1


# --- a file that is not as it must be -------------------------------------------------------------


def _missing(path: Path) -> None:
    assert not path.exists()


def _empty(path: Path) -> None:
    path.touch()


def _too_short(path: Path) -> None:
    path.write_bytes(b"\0" * (SIZE - 1))


def _too_long(path: Path) -> None:
    path.write_bytes(b"\0" * (SIZE + 1))


def _a_directory(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("spoil", [_missing, _empty, _too_short, _too_long, _a_directory])
def test_nobody_takes_anything_from_a_file_that_is(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    path = tmp_path / "buckets"
    spoil(path)
    broken = Buckets(path)
    for _ in range(2):
        with pytest.raises(luajit21.LuaError, match=f"token buckets .*{re.escape(str(path))}"):
            broken.take(1, 60, 15, NOW)
    if path.is_dir():
        path.rmdir()
    prepare_buckets(path)
    assert broken.passes(1, 60, 15, NOW), "it looks again when somebody calls"


def test_a_state_that_ends_leaves_no_mapping_behind(path: Path) -> None:
    def mapped() -> int:
        return Path("/proc/self/maps").read_text().count(str(path))

    before = mapped()
    lua = Lua()
    module = lua.module("buckets")
    for _ in range(3):
        module.follow(str(path))
        module.take(1, 60.0, 60.0, NOW)
    assert mapped() > before
    del module
    lua.run("collectgarbage() collectgarbage()")
    assert mapped() == before + 1, "an earlier one is let go"
    del lua
    assert mapped() == before
