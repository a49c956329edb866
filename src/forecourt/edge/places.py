"""Places of requests under way, in the file of buckets (`lua/forecourt/places.lua`).

Lua gives a place back when an answer has left. Of a caller that left before, and of an Envoy that
was killed, it hears nothing: what is known of them is known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from mmap import mmap
from pathlib import Path

from forecourt.edge.buckets import LOCKS, SETS, SIZE, WAYS

# Ids from here on are of places; those of buckets are below.
BEYOND = 2.0**52

_FIRST = LOCKS * 8  # in doubles
_OF_A_SET = 2 * WAYS


def free_places(path: Path, ended: Iterable[str]) -> None:
    """Gives back what requests held that have ended, each as the access log has it.

    Nobody else writes there: a place is taken anew only once it is free, and it is free only where
    its moment is another. So no lock is held, which would stop Envoy where this process is killed.
    Raises `OSError`.
    """
    with _cells(path) as cells:
        for place, till in _read(ended):
            first = _FIRST + int(place % SETS) * _OF_A_SET
            for at in range(first, first + _OF_A_SET, 2):
                if cells[at] == place and cells[at + 1] == till:
                    cells[at + 1] = 0.0


def clear_places(path: Path) -> None:
    """Gives all of them back. No Envoy may run meanwhile. Raises `OSError`."""
    with _cells(path) as cells:
        with cells[_FIRST::2] as ids:
            held = [number for number, id in enumerate(ids) if id >= BEYOND]
        for number in held:
            cells[_FIRST + 2 * number + 1] = 0.0


# An id of 53 bits, and a moment in seconds.
_PLACE = re.compile(r"([0-9]{16}) ([0-9.e+]{1,24})")


def _read(places: Iterable[str]) -> Iterator[tuple[float, float]]:
    for found in map(_PLACE.fullmatch, places):
        if found is not None:
            with suppress(ValueError):
                yield float(found[1]), float(found[2])


@contextmanager
def _cells(path: Path) -> Iterator[memoryview[float]]:
    with (
        path.open("r+b") as file,
        mmap(file.fileno(), SIZE) as mapped,
        memoryview(mapped) as octets,
        octets.cast("d") as cells,
    ):
        yield cells
