"""`rate_limit:` wherever it is written."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from forecourt.estate.rate_limit import DEFAULT_BURST, RateLimit
from forecourt.source.codes import UNKNOWN_KEY
from forecourt.source.vocabulary.quantities import number, whole
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Elsewhere, Record, Row, optional, required

# A token then refills in 6 µs: far less than a machine needs to serve a request, and far more than
# the edge's clock is inexact by.
_PER_MINUTE = whole(1, 10_000_000)
_PER_DAY = whole(1, 1_000_000_000_000)
_ALLOWANCE = number(1, 100)

_REQUIRED_RATE = required(
    "requests_per_minute", _PER_MINUTE, "how many requests a minute are let through", example=100
)
_RATE = optional(
    "requests_per_minute", _PER_MINUTE, "how many requests a minute are let through", example=1000
)
_DAILY = optional("requests_per_day", _PER_DAY, "the quota of a day", example=50000)
_MONTHLY = optional("requests_per_month", _PER_DAY, "the quota of a month", example=1000000)
_BURST = optional(
    "burst_allowance",
    _ALLOWANCE,
    "how many minutes' worth may pass in one busy minute",
    default=DEFAULT_BURST,
    written=1.25,
)
_EXPECTS = "a mapping with `requests_per_minute`"


def _whole_limit(row: Row, at: At) -> RateLimit:
    return RateLimit(
        requests_per_minute=row[_REQUIRED_RATE],
        burst_allowance=row[_BURST],
        requests_per_day=row[_DAILY],
        requests_per_month=row[_MONTHLY],
    )


def _written(row: Row, at: At) -> Mapping[str, object]:
    return row.values


def _other_unit(instead: str) -> Elsewhere:
    because = "is not how a limit is written here"
    return Elsewhere(
        code=UNKNOWN_KEY, because=because, instead=instead, means="requests_per_minute"
    )


# Near enough to be taken for ours, and off by a factor.
_OTHER_UNITS = MappingProxyType(
    {
        "requests_per_second": _other_unit("write `requests_per_minute`, sixty times as many"),
        "rps": _other_unit("write `requests_per_minute`, sixty times as many"),
        "requests_per_hour": _other_unit("write `requests_per_minute`, or `requests_per_day`"),
    }
)

RATE_LIMIT = Record(
    expects=_EXPECTS,
    fields=(_REQUIRED_RATE, _DAILY, _MONTHLY, _BURST),
    build=_whole_limit,
    elsewhere=_OTHER_UNITS,
)

# For `dataclasses.replace`: what is left out keeps the value of the table of postures.
PARTIAL_RATE_LIMIT = Record(
    expects=_EXPECTS,
    fields=(_RATE, _DAILY, _MONTHLY, _BURST),
    build=_written,
    elsewhere=_OTHER_UNITS,
)
