"""How the values of a posture dimension compare: which of two is the stricter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from forecourt.estate.api import BodyLimits
from forecourt.estate.rate_limit import RateLimit


class Comparison(Enum):
    """How one value stands to another."""

    SAME = "same"
    STRICTER = "stricter"
    LAXER = "laxer"


class Scale(Protocol):
    """An order from lax to strict over the values of one dimension."""

    def compare(self, value: object, other: object) -> Comparison:
        """How `value` stands to `other`. Where they cannot be compared it counts as laxer."""
        ...

    def describe(self) -> str:
        """The values it takes, for people."""
        ...


@dataclass(frozen=True, slots=True)
class Ladder:
    """Words, lax to strict."""

    words: tuple[str, ...]

    def compare(self, value: object, other: object) -> Comparison:
        """By position on the ladder."""
        return _by_rank(self.words.index(str(value)) - self.words.index(str(other)))

    def describe(self) -> str:
        """The words in order."""
        return ", ".join(self.words)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A set of what is accepted; fewer is stricter."""

    words: tuple[str, ...]

    def compare(self, value: object, other: object) -> Comparison:
        """A subset is stricter; anything outside the other set is laxer."""
        assert isinstance(value, frozenset) and isinstance(other, frozenset)
        if value == other:
            return Comparison.SAME
        return Comparison.STRICTER if value < other else Comparison.LAXER

    def describe(self) -> str:
        """What may be in the set."""
        return "any of " + ", ".join(self.words)


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number; `more_is` says which way strictness lies."""

    unit: str
    more_is: Comparison

    def compare(self, value: object, other: object) -> Comparison:
        """By size."""
        assert isinstance(value, int) and isinstance(other, int)
        sign = 1 if self.more_is is Comparison.STRICTER else -1
        return _by_rank(sign * (value - other))

    def describe(self) -> str:
        """The unit."""
        return f"a number of {self.unit}"


@dataclass(frozen=True, slots=True)
class Limits:
    """Body limits: laxer if laxer in any of the three."""

    def compare(self, value: object, other: object) -> Comparison:
        """Field by field."""
        assert isinstance(value, BodyLimits) and isinstance(other, BodyLimits)
        if value == other:
            return Comparison.SAME
        fields: tuple[Callable[[BodyLimits], int], ...] = (
            lambda x: x.bytes,
            lambda x: x.depth,
            lambda x: x.keys,
        )
        laxer = any(f(value) > f(other) for f in fields)
        return Comparison.LAXER if laxer else Comparison.STRICTER

    def describe(self) -> str:
        """The three fields."""
        return "bytes, depth, keys"


@dataclass(frozen=True, slots=True)
class Rate:
    """Rate limits: laxer if more is allowed in any respect."""

    def compare(self, value: object, other: object) -> Comparison:
        """By `RateLimit.is_laxer_than`: the same where both allow the same, however written."""
        assert isinstance(value, RateLimit) and isinstance(other, RateLimit)
        if value.is_laxer_than(other):
            return Comparison.LAXER
        return Comparison.STRICTER if other.is_laxer_than(value) else Comparison.SAME

    def describe(self) -> str:
        """Its fields."""
        return "requests_per_minute, burst_allowance"


@dataclass(frozen=True, slots=True)
class Text:
    """Words for people, which nothing compares."""

    def compare(self, value: object, other: object) -> Comparison:
        """Never laxer."""
        return Comparison.SAME

    def describe(self) -> str:
        """Not to be set."""
        return "text; follows from the audience and cannot be set"


def _by_rank(difference: int) -> Comparison:
    if difference == 0:
        return Comparison.SAME
    return Comparison.STRICTER if difference > 0 else Comparison.LAXER
