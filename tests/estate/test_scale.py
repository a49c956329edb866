"""Which of two values is the stricter."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.estate.api import BodyLimits
from forecourt.estate.posture import DIMENSIONS, Dimension
from forecourt.estate.rate_limit import RateLimit
from forecourt.estate.scale import Accepted, Comparison, Count, Ladder, Limits, Rate, Scale, Text

_LAXER, _SAME, _STRICTER = Comparison.LAXER, Comparison.SAME, Comparison.STRICTER
_ladders = st.sampled_from([d for d in DIMENSIONS if isinstance(d.scale, Ladder)])


def _limits(size: int = 2, depth: int = 2, keys: int = 2) -> BodyLimits:
    return BodyLimits(bytes=size, depth=depth, keys=keys)


def _rate(per_minute: int = 100, burst: str = "1.25", per_day: int | None = None) -> RateLimit:
    return RateLimit(
        requests_per_minute=per_minute, burst_allowance=Decimal(burst), requests_per_day=per_day
    )


@pytest.mark.parametrize(
    ("scale", "value", "other", "is_"),
    [
        (Ladder(("low", "high")), "high", "low", _STRICTER),
        (Ladder(("low", "high")), "low", "high", _LAXER),
        (Ladder(("low", "high")), "low", "low", _SAME),
        (Accepted(("a", "b", "c")), frozenset("a"), frozenset("ab"), _STRICTER),
        (Accepted(("a", "b", "c")), frozenset("abc"), frozenset("ab"), _LAXER),
        (Accepted(("a", "b", "c")), frozenset("c"), frozenset("ab"), _LAXER),
        (Accepted(("a", "b", "c")), frozenset("ab"), frozenset("ba"), _SAME),
        (Count("months", more_is=_STRICTER), 18, 12, _STRICTER),
        (Count("months", more_is=_LAXER), 18, 12, _LAXER),
        (Count("months", more_is=_LAXER), 12, 12, _SAME),
        (Limits(), _limits(size=1), _limits(), _STRICTER),
        (Limits(), _limits(depth=3), _limits(), _LAXER),
        (Limits(), _limits(size=1, keys=3), _limits(), _LAXER),
        (Limits(), _limits(), _limits(), _SAME),
        (Rate(), _rate(99), _rate(100), _STRICTER),
        (Rate(), _rate(101), _rate(100), _LAXER),
        (Rate(), _rate(50, burst="2"), _rate(100), _LAXER),
        (Rate(), _rate(100, per_day=1000), _rate(100), _STRICTER),
        (Rate(), _rate(100), _rate(100, per_day=1000), _LAXER),
        (Rate(), _rate(100, per_day=1001), _rate(100, per_day=1000), _LAXER),
        (Rate(), _rate(), _rate(), _SAME),
        (Rate(), _rate(1, burst="1.1"), _rate(1, burst="1"), _SAME),
        (Text(), "anything", "else", _SAME),
    ],
)
def test_compares(scale: Scale, value: object, other: object, is_: Comparison) -> None:
    assert scale.compare(value, other) is is_


@given(_ladders, st.data())
def test_of_two_words_one_is_stricter_and_the_other_laxer(
    dimension: Dimension, data: st.DataObject
) -> None:
    assert isinstance(dimension.scale, Ladder)
    words = st.sampled_from(dimension.scale.words)
    a, b = data.draw(words), data.draw(words)
    _mirrored(dimension.scale, a, b)


@given(st.integers(0, 99), st.integers(0, 99), st.sampled_from([_STRICTER, _LAXER]))
def test_of_two_counts_one_is_stricter_and_the_other_laxer(
    a: int, b: int, more_is: Comparison
) -> None:
    _mirrored(Count("things", more_is=more_is), a, b)


_sizes = st.builds(
    BodyLimits, bytes=st.integers(1, 3), depth=st.integers(1, 3), keys=st.integers(1, 3)
)
_rates = st.builds(
    RateLimit,
    requests_per_minute=st.integers(1, 30),
    burst_allowance=st.decimals(1, 2, places=1),
    requests_per_day=st.none() | st.integers(1, 3),
)
_sets = st.frozensets(st.sampled_from("abc"), min_size=1)


@given(_sizes, _sizes)
def test_no_two_body_limits_are_each_stricter_than_the_other(a: BodyLimits, b: BodyLimits) -> None:
    _never_both(Limits(), a, b)


@given(_rates, _rates)
def test_no_two_rate_limits_are_each_stricter_than_the_other(a: RateLimit, b: RateLimit) -> None:
    _never_both(Rate(), a, b)


@given(_sets, _sets)
def test_no_two_sets_are_each_stricter_than_the_other(a: frozenset[str], b: frozenset[str]) -> None:
    _never_both(Accepted(("a", "b", "c")), a, b)


def _mirrored(scale: Scale, a: object, b: object) -> None:
    """Of a total order: one way round is the other's opposite."""
    opposite = {_STRICTER: _LAXER, _LAXER: _STRICTER, _SAME: _SAME}
    assert scale.compare(a, b) is opposite[scale.compare(b, a)]
    assert (scale.compare(a, b) is _SAME) == (a == b)


def _never_both(scale: Scale, a: object, b: object) -> None:
    """Of a partial order: what cannot be compared is laxer both ways, never stricter."""
    one, other = scale.compare(a, b), scale.compare(b, a)
    assert (one is _SAME) == (other is _SAME)
    assert one is _SAME or a != b
    if one is _STRICTER:
        assert other is _LAXER
