"""A limit as a token bucket: the formula of the postures, never above it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forecourt.compiler.ir.bucket import LADDER, UNITS_PER_MINUTE, Bucket, bucket
from forecourt.compiler.ir.callers import Limit
from forecourt.estate.rate_limit import RateLimit

# What a file may say (`source.files.rate_limits`).
RATES = st.integers(1, 10_000_000)
ALLOWANCES = st.decimals(1, 100, places=4)


def sized(rate: int, allowance: Decimal = Decimal("1.25")) -> tuple[RateLimit, Bucket]:
    declared = RateLimit(requests_per_minute=rate, burst_allowance=allowance)
    return declared, bucket(Limit(per_minute=rate, capacity=float(declared.capacity)))


def held(of: Bucket) -> Fraction:
    """The requests that the bucket holds, exactly."""
    return Fraction(round(UNITS_PER_MINUTE * LADDER[of.rung]), of.cost)


@given(RATES, ALLOWANCES)
@example(10_000_000, Decimal(1))
@example(10_001, Decimal(1))
@example(1, Decimal(1))
@example(9, Decimal(100))
def test_lets_through_no_more_than_the_formula(rate: int, allowance: Decimal) -> None:
    declared, made = sized(rate, allowance)
    assert held(made) <= Fraction(declared.capacity)
    assert Fraction(UNITS_PER_MINUTE, made.cost) <= rate


@given(RATES, ALLOWANCES)
@example(7, Decimal(1))
@example(10_000_000, Decimal(1))
def test_lets_a_first_request_pass(rate: int, allowance: Decimal) -> None:
    _, made = sized(rate, allowance)
    assert made.capacity >= 1


@given(RATES)
def test_refills_as_fast_as_the_limit_says(rate: int) -> None:
    _, made = sized(rate)
    refilled = Fraction(UNITS_PER_MINUTE, made.cost)
    assert refilled > rate * Fraction(5, 6), "a unit is the smallest step"
    if UNITS_PER_MINUTE % rate == 0:
        assert refilled == rate


@pytest.mark.parametrize("rate", range(1, 10))
def test_a_tiny_limit_lets_its_whole_minute_come_at_once(rate: int) -> None:
    _, made = sized(rate)
    # Units do not always divide by the limit; what is missing of the last comes in microseconds.
    assert rate - Fraction(1, 100_000) < held(made) <= rate


@pytest.mark.parametrize(
    ("rate", "allowance", "capacity"),
    [
        (20, "1.25", 10),
        (100, "1.2", 20),
        (100, "1.25", 25),
        (1_000, "1.25", 250),
        (10_000, "1.25", 2_500),
        (10_000, "1.5", 5_000),
        (60, "2", 60),
        (100, "11", 1_000),
    ],
)
def test_common_limits_are_exact(rate: int, allowance: str, capacity: int) -> None:
    declared, made = sized(rate, Decimal(allowance))
    assert made.capacity == capacity == declared.capacity


@given(RATES, st.decimals("1.05", 11, places=2))
def test_common_allowances_lose_little(rate: int, allowance: Decimal) -> None:
    declared, made = sized(rate, allowance)
    assert held(made) > Fraction(declared.capacity) * Fraction(2, 5) - 1


@given(RATES, ALLOWANCES, ALLOWANCES)
def test_a_larger_allowance_never_makes_a_smaller_bucket(
    rate: int, one: Decimal, other: Decimal
) -> None:
    smaller, larger = sorted((one, other))
    assert sized(rate, smaller)[1].rung <= sized(rate, larger)[1].rung


def test_the_ladder_rises_and_stands_on_whole_units() -> None:
    assert list(LADDER) == sorted(set(LADDER))
    assert all(round(UNITS_PER_MINUTE * ratio) >= 1 for ratio in LADDER)
    assert UNITS_PER_MINUTE * LADDER[-1] < 2**32, "envoy counts in 32 bits"


def test_a_limit_beyond_what_units_can_say_is_held_to_what_they_can() -> None:
    _, made = sized(UNITS_PER_MINUTE * 10)
    assert made.cost == 1
