"""A limit as the edge's token bucket: what a request costs, and how large the bucket is.

The configuration holds a fixed ladder of bucket sizes, as ratios of capacity to what refills in a
minute; the resolver picks the largest that is not above the formula's.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

from forecourt.compiler.ir.callers import Limit

UNITS_PER_MINUTE = 60_000_000

# Close where burst allowances are common (1.05 to 1.5), coarse above; below, for limits so large
# that ten requests are a small part of a minute's.
LADDER: tuple[float, ...] = (
    0.000001, 0.000003, 0.00001, 0.00003, 0.0001, 0.0003,
    0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2,
    0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """`cost` units a request, in the bucket of that `rung` of the ladder."""

    cost: int
    rung: int

    @property
    def capacity(self) -> int:
        """Whole requests that may come at once."""
        return int(UNITS_PER_MINUTE * LADDER[self.rung] / self.cost + 1e-9)


def bucket(limit: Limit) -> Bucket:
    """The bucket for a limit; it never lets through more than the limit's formula."""
    cost = math.ceil(UNITS_PER_MINUTE / limit.per_minute)
    wanted = limit.capacity / limit.per_minute
    rung = max(bisect_right(LADDER, wanted * (1 + 1e-9)) - 1, 0)
    while LADDER[rung] * UNITS_PER_MINUTE < cost and rung < len(LADDER) - 1:
        rung += 1  # a bucket smaller than one request would let nothing pass
    return Bucket(cost=cost, rung=rung)
