"""What a rate limit lets through: the formula of the documentation."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.estate.rate_limit import RateLimit


@pytest.mark.parametrize(
    ("per_minute", "burst", "capacity", "in_a_minute"),
    [
        (100, "1.25", 25, 125),
        (100, "1.2", 20, 120),
        (10_000, "1.5", 5_000, 15_000),
        (10_000, "1.25", 2_500, 12_500),
        (20, "1.25", 10, 30),
        (20, "1", 10, 30),
        (7, "1.25", 7, 14),
        (1, "1", 1, 2),
        (41, "1.25", Decimal("10.25"), Decimal("51.25")),
    ],
)
def test_a_bucket_holds_the_burst_but_at_least_ten_or_the_whole_minute(
    per_minute: int, burst: str, capacity: Decimal, in_a_minute: Decimal
) -> None:
    limit = RateLimit(requests_per_minute=per_minute, burst_allowance=Decimal(burst))
    assert limit.capacity == capacity
    assert limit.most_in_a_minute == in_a_minute


def test_a_quarter_of_a_minute_may_come_at_once_by_default() -> None:
    assert RateLimit(requests_per_minute=1000).capacity == 250


_limits = st.builds(
    RateLimit,
    requests_per_minute=st.integers(1, 10_000),
    burst_allowance=st.decimals(1, 3, places=2),
)


@given(_limits)
def test_a_newcomers_first_call_always_passes(limit: RateLimit) -> None:
    assert limit.capacity >= 1


@given(_limits, _limits)
def test_of_two_that_differ_one_is_laxer(a: RateLimit, b: RateLimit) -> None:
    assert not a.is_laxer_than(a)
    is_same = (a.requests_per_minute, a.capacity) == (b.requests_per_minute, b.capacity)
    assert (a.is_laxer_than(b) or b.is_laxer_than(a)) is not is_same
