"""How busy workers are, by what the kernel says of their threads."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecourt.edge.busyness import busyness, worker_seconds


def a_thread(proc: Path, thread: int, name: str, schedstat: str) -> None:
    folder = proc / "7" / "task" / str(thread)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "comm").write_text(name + "\n")
    (folder / "schedstat").write_text(schedstat)


def test_adds_what_a_worker_ran_and_what_it_waited(tmp_path: Path) -> None:
    a_thread(tmp_path, 7, "envoy", "9000000000 0 5\n")
    a_thread(tmp_path, 8, "wrk:worker_0", "1500000000 500000000 5\n")
    a_thread(tmp_path, 9, "wrk:worker_1", "0 0 0\n")
    assert worker_seconds(7, tmp_path) == {8: 2.0, 9: 0.0}


@pytest.mark.parametrize("said", ["", "x y z", "5"])
def test_a_thread_that_cannot_be_read_is_none(tmp_path: Path, said: str) -> None:
    a_thread(tmp_path, 8, "wrk:worker_0", said)
    assert worker_seconds(7, tmp_path) == {}
    assert worker_seconds(404, tmp_path) == {}


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [
        ({8: 1.0, 9: 1.0}, {8: 1.5, 9: 1.0}, 0.5),
        ({8: 1.0, 9: 1.0}, {8: 1.5, 9: 1.5}, 1.0),
        ({8: 1.0}, {8: 9.0}, 1.0),  # the clocks are not the same
        ({8: 1.0}, {5: 1.0}, 0.0),  # another Envoy
        ({}, {}, 0.0),
    ],
)
def test_is_the_mean_over_the_workers_that_stayed(
    before: dict[int, float], after: dict[int, float], share: float
) -> None:
    assert busyness(before, after, 0.5) == share


def test_says_nothing_of_no_time() -> None:
    assert busyness({8: 1.0}, {8: 2.0}, 0.0) == 0.0
