"""What a change does to those who call."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import total_ordering


@total_ordering
class Verdict(Enum):
    """From harmless to harmful.

    SAFE: whoever keeps to the old contract notices nothing. RISKY: some of them may, by what they
    do with what the contract leaves open. BREAKING: some who keep to it fail.
    """

    SAFE = "safe"
    RISKY = "risky"
    BREAKING = "breaking"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Verdict):
            return NotImplemented
        return _ORDER.index(self) < _ORDER.index(other)


_ORDER = (Verdict.SAFE, Verdict.RISKY, Verdict.BREAKING)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The most harmful; safe of none."""
    return max(verdicts, default=Verdict.SAFE)


class Effect(Enum):
    """What a change does to the set of values that a schema means."""

    NARROWS = "fewer values"
    WIDENS = "more values"
    BOTH = "other values"
    NONE = "the same values"
