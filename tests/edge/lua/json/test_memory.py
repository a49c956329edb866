"""Memory for bodies is taken once, costs what is touched, and is given back."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from tests.edge.luajit import Lua

STATM = Path("/proc/self/statm")
needs_proc = pytest.mark.skipif(not STATM.exists(), reason="no /proc on this system")

PAGE = 4096


def pages() -> tuple[int, int]:
    """Reserved and resident."""
    reserved, resident, *_ = map(int, STATM.read_text().split())
    return reserved, resident


def workers(count: int) -> list[Lua]:
    made = [Lua() for _ in range(count)]
    for lua in made:
        lua.module("contract.filter")
    return made


@needs_proc
def test_a_worker_that_met_no_body_has_touched_nearly_nothing() -> None:
    workers(1)
    before = pages()[1]
    kept = workers(5)
    assert (pages()[1] - before) * PAGE < 5 * 4_000_000
    assert len(kept) == 5


@needs_proc
def test_what_a_worker_reserved_goes_with_it() -> None:
    workers(1)
    gc.collect()
    before = pages()[0]
    for _ in range(10):
        workers(1)
        gc.collect()
    assert (pages()[0] - before) * PAGE < 300_000_000


def test_what_is_past_the_end_of_a_body_is_zero() -> None:
    memory = Lua().module("json.memory")
    memory.hold("x" * 100)
    memory.hold("abc")
    assert memory.text(0, 8) == "abc" + "\0" * 5
