"""Attacks that others have collected: some of each list with every run, all of it exhaustively."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"
# `make exhaustive` tries all of it.
HOW_MANY = pytest.mark.parametrize(
    "most",
    [
        pytest.param(50, id="some"),
        pytest.param(100_000, id="all", marks=[pytest.mark.exhaustive, pytest.mark.timeout(300)]),
    ],
)


def data(path: str) -> Path:
    """A file or folder of the collected attacks, which not every machine has."""
    found = DATA / path
    if not found.exists():
        pytest.skip(f"{found} is not on this machine")
    return found


T = TypeVar("T")


def spread(items: Iterable[T], most: int) -> list[T]:
    """So many of them at most, from everywhere in the list."""
    found = list(dict.fromkeys(item for item in items if item))
    step = max(len(found) // most, 1)
    return found[::step][:most]
