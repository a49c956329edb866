"""`rate_limit:` wherever it is written."""

from __future__ import annotations

from collections.abc import Mapping

from forecourt.estate.rate_limit import DEFAULT_BURST, RateLimit
from forecourt.source.vocabulary.quantities import number, whole
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Record, Row, optional, required

# A token then refills in 6 µs: far less than a machine needs to serve a request, and far more than
# the edge's clock is inexact by.
_PER_MINUTE = whole(1, 10_000_000)
_PER_DAY = whole(1, 1_000_000_000_000)
_ALLOWANCE = number(1, 100)

_REQUIRED_RATE = required(
    "requests_per_minute", _PER_MINUTE, "how many requests a minute are let through"
)
_RATE = optional("requests_per_minute", _PER_MINUTE, "how many requests a minute are let through")
_DAILY = optional("requests_per_day", _PER_DAY, "the quota of a day")
_BURST = optional(
    "burst_allowance", _ALLOWANCE, "how many minutes' worth may pass in one busy minute"
)
_EXPECTS = "a mapping with `requests_per_minute`"


def _whole_limit(row: Row, at: At) -> RateLimit:
    return RateLimit(
        requests_per_minute=row[_REQUIRED_RATE],
        burst_allowance=row[_BURST] or DEFAULT_BURST,
        requests_per_day=row[_DAILY],
    )


def _written(row: Row, at: At) -> Mapping[str, object]:
    return row.values


RATE_LIMIT = Record(
    expects=_EXPECTS,
    fields=(_REQUIRED_RATE, _DAILY, _BURST),
    build=_whole_limit,
)

# For `dataclasses.replace`: what is left out keeps the value of the table of postures.
PARTIAL_RATE_LIMIT = Record(
    expects=_EXPECTS,
    fields=(_RATE, _DAILY, _BURST),
    build=_written,
)
