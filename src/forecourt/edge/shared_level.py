"""The level of shedding, where all of Envoy's workers see it: in the file of buckets.

It counts for a moment only: where nobody says it anew, nobody is turned away.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from mmap import mmap
from pathlib import Path

from forecourt.edge.buckets import SIZE
from forecourt.estate.precedence import CLASSES

# As `lua/forecourt/buckets.lua` has them, in doubles: after the second and the third lock.
_LEVEL, _TILL = 10, 11
_ASKED = slice(18, 18 + CLASSES)


class SharedLevel:
    """The level in a file of buckets."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def say(self, level: float, *, till: float) -> None:
        """Says the level, until a moment of the clock that starts with the machine. Raises
        `OSError`."""
        with self._cells() as cells:
            cells[_TILL] = till
            cells[_LEVEL] = level

    def level(self, now: float) -> float:
        """The level that counts at a moment of that clock."""
        with self._cells() as cells:
            return cells[_LEVEL] if now < cells[_TILL] else 0.0

    def asked(self) -> tuple[float, ...]:
        """How many requests of each class came while a level stood, since the file was made. A few
        may be missing: workers that count at the same moment do not wait for each other."""
        with self._cells() as cells:
            return tuple(cells[_ASKED])

    @contextmanager
    def _cells(self) -> Iterator[memoryview[float]]:
        with (
            self._path.open("r+b") as file,
            mmap(file.fileno(), SIZE) as mapped,
            memoryview(mapped) as octets,
            octets.cast("d") as cells,
        ):
            yield cells
