"""Limits of APIs and operations as the edge has them: a bucket for each caller."""

from __future__ import annotations

from hashlib import sha256

from forecourt.contract.templates import without_names
from forecourt.estate.rate_limit import RateLimit

# Ids of buckets have so many bits (`forecourt.edge.buckets`).
_BITS = 52


def bucket_shift(name: str) -> int:
    """How far from a caller's own bucket that of a thing lies: a number of 52 bits, never 0.

    The edge adds them (`edge/lua/forecourt/charging.lua`).
    """
    number = int.from_bytes(sha256(name.encode()).digest()[:8]) >> (64 - _BITS)
    return number or 1


def operation_shift(method: str, template: str, limit: RateLimit) -> int:
    """That of an operation: the same in all versions, whatever its parameters are called.

    Where they limit it differently they have buckets of their own: a small bucket forgets what is
    owed to a large one.
    """
    rate, burst = limit.requests_per_minute, limit.burst_allowance.normalize()
    return bucket_shift(f"{method} {without_names(template)} {rate} {burst}")


def spelled_limit(limit: RateLimit, shift: int) -> dict[str, int | float]:
    """A limit as `charging.lua` reads it: `q` a minute, seconds to refill a token and all of it."""
    interval = 60 / limit.requests_per_minute
    depth = interval * float(limit.capacity)
    return {"q": limit.requests_per_minute, "interval": interval, "depth": depth, "shift": shift}
