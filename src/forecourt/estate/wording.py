"""The values of the posture table, as people read them."""

from __future__ import annotations

from forecourt.estate.api import BodyLimits
from forecourt.estate.posture import Dimension
from forecourt.estate.rate_limit import RateLimit
from forecourt.estate.scale import Accepted, Count

_UNITS = ((1024 * 1024, "MB"), (1024, "KB"))


def worded(dimension: Dimension, value: object) -> str:
    """A value of that dimension in a few words: `api_key, oauth2`, `12 calendar months`."""
    match value, dimension.scale:
        case RateLimit(), _:
            return _rate(value)
        case BodyLimits(), _:
            return f"{_size(value.bytes)}, depth {value.depth}, {value.keys:,} keys"
        case frozenset(), Accepted(words):
            return ", ".join(w for w in words if w in value) or "none"
        case int(), Count(unit, _):
            return f"{value} {unit.removesuffix('s') if value == 1 else unit}"
        case _:
            return str(value)


def _rate(limit: RateLimit) -> str:
    words = f"{limit.requests_per_minute:,} a minute, burst {limit.burst_allowance}"
    quotas = (("day", limit.requests_per_day), ("month", limit.requests_per_month))
    more = [f"{n:,} a {window}" for window, n in quotas if n is not None]
    if limit.per_user is not None:
        more.append(f"each user {limit.per_user.requests_per_minute:,} a minute")
    if limit.concurrent_requests is not None:
        more.append(f"{limit.concurrent_requests:,} under way at a time")
    return ", ".join([words, *more])


def _size(count: int) -> str:
    for size, unit in _UNITS:
        if count >= size and count % size == 0:
            return f"{count // size} {unit}"
    return f"{count:,} bytes"
