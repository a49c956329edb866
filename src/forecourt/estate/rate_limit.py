"""How often a caller may call, and what that means for a token bucket."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

DEFAULT_BURST = Decimal("1.25")

# A newcomer's first calls pass: no bucket holds fewer than this many requests, or the whole
# minute's worth where the limit is smaller still.
LEAST_CAPACITY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """A limit of requests a minute with an allowance for bursts, and quotas by day and month.

    `burst_allowance` 1.25 lets a quarter of a minute's worth come at once. `requests_per_day` and
    `requests_per_month` are None where there is no such quota. `per_user` is what each person may
    use of it for whom a token was issued; None: all of it. `concurrent_requests` may be under way
    at a time; None: nobody counts them.
    """

    requests_per_minute: int
    burst_allowance: Decimal = DEFAULT_BURST
    requests_per_day: int | None = None
    requests_per_month: int | None = None
    per_user: RateLimit | None = None
    concurrent_requests: int | None = None

    @property
    def capacity(self) -> Decimal:
        """Requests that may come at once: r × (b − 1), but at least the smaller of r and 10."""
        rate = Decimal(self.requests_per_minute)
        return max(rate * (self.burst_allowance - 1), min(rate, Decimal(LEAST_CAPACITY)))

    @property
    def most_in_a_minute(self) -> Decimal:
        """The most requests that any 60 seconds let through: the refill and a full bucket."""
        return Decimal(self.requests_per_minute) + self.capacity

    def is_laxer_than(self, other: RateLimit) -> bool:
        """Whether it allows more in any respect. A person's share is within it, and no matter."""
        if self.requests_per_minute > other.requests_per_minute:
            return True
        if self.capacity > other.capacity:
            return True
        return (
            _is_more(self.requests_per_day, other.requests_per_day)
            or _is_more(self.requests_per_month, other.requests_per_month)
            or _is_more(self.concurrent_requests, other.concurrent_requests)
        )


def _is_more(quota: int | None, other: int | None) -> bool:
    """Whether a quota allows more than another; None allows everything."""
    return other is not None and (quota is None or quota > other)
