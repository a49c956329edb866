"""Demands that stand beside each other and are of one keyword: `not`, `contains`, `if`.

Each holds for itself, so they are compared one by one: one more lets fewer values through.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from forecourt.contract.comparison.side import Parts
from forecourt.contract.one_sided import Direction
from forecourt.contract.values import Pointer

# Beyond so many comparisons of one with another, all belong together by their order.
_MOST_PAIRS = 10_000

# Whether comparing two schemas, one way, finds anything that harms.
Harms = Callable[[Parts, Parts, Direction], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses:
    """By the places of their schemas: those of both sides, and those of one alone."""

    pairs: tuple[tuple[Pointer, Pointer], ...]
    gone: tuple[Pointer, ...]
    new: tuple[Pointer, ...]


def clauses(before: Sequence[Pointer], after: Sequence[Pointer], harms: Harms) -> Clauses:
    """Those that mean the same belong together, and then the others by their order."""
    gone, new = list(before), list(after)
    pairs: list[tuple[Pointer, Pointer]] = []
    for one in before if len(gone) * len(new) <= _MOST_PAIRS else ():
        alike = next((other for other in new if not differ(one, other, harms)), None)
        if alike is not None:
            pairs.append((one, alike))
            gone.remove(one)
            new.remove(alike)
    changed = list(zip(gone, new, strict=False))
    number = len(changed)
    return Clauses(pairs=(*pairs, *changed), gone=tuple(gone[number:]), new=tuple(new[number:]))


def differ(one: Pointer, other: Pointer, harms: Harms) -> bool:
    """Whether two schemas mean other values."""
    return any(harms((one,), (other,), direction) for direction in Direction)
