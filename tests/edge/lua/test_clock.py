"""What time it is, as the edge reads it."""

from __future__ import annotations

import time

from tests.edge.luajit import Lua


def test_tells_the_time_of_this_machine_with_fractions(lua: Lua) -> None:
    clock = lua.module("clock")
    before = time.time()
    now = clock.now()
    assert before - 0.01 <= now <= time.time() + 0.01
    assert any(clock.now() % 1 for _ in range(3))


def test_tells_of_a_clock_that_all_processes_share_and_nobody_sets(lua: Lua) -> None:
    clock = lua.module("clock")
    before = time.clock_gettime(time.CLOCK_MONOTONIC)
    now = clock.monotonic()
    assert before - 1e-6 <= now <= time.clock_gettime(time.CLOCK_MONOTONIC) + 1e-6
