"""`rate_limit:` wherever it is written."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from forecourt.estate.rate_limit import DEFAULT_BURST, RateLimit
from forecourt.source.codes import BAD_NUMBER, UNKNOWN_KEY
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
# Each of them is looked at before a request is refused (`edge/lua/forecourt/places.lua`).
_AT_ONCE = optional(
    "concurrent_requests",
    whole(1, 1000),
    "how many requests may be under way at a time",
    example=50,
)
_EXPECTS = "a mapping with `requests_per_minute`"


def _each(row: Row, at: At) -> RateLimit:
    return RateLimit(requests_per_minute=row[_REQUIRED_RATE], burst_allowance=row[_BURST])


_PER_USER = optional(
    "per_user",
    Record(expects=_EXPECTS, fields=(_REQUIRED_RATE, _BURST), build=_each),
    "what each person may use of it, for whom a token was issued",
    example={"requests_per_minute": 60},
)


def _whole_limit(row: Row, at: At) -> RateLimit:
    return RateLimit(
        requests_per_minute=row[_REQUIRED_RATE],
        burst_allowance=row[_BURST],
        requests_per_day=row[_DAILY],
        requests_per_month=row[_MONTHLY],
        per_user=row[_PER_USER],
        concurrent_requests=row[_AT_ONCE],
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
    fields=(_REQUIRED_RATE, _DAILY, _MONTHLY, _BURST, _AT_ONCE, _PER_USER),
    build=_whole_limit,
    elsewhere=_OTHER_UNITS,
)

# For `dataclasses.replace`: what is left out keeps the value of the table of postures.
OF_A_CONTRACT = Record(
    expects=_EXPECTS,
    fields=(_RATE, _DAILY, _MONTHLY, _BURST, _AT_ONCE, _PER_USER),
    build=_written,
    elsewhere=_OTHER_UNITS,
)


def _not_here(because: str) -> Elsewhere:
    return Elsewhere(code=UNKNOWN_KEY, because=because, instead="remove it")


_FOR_NOBODY = _not_here("is about persons, for whom no service brings a token")
OF_A_SERVICE = Record(
    expects=_EXPECTS,
    fields=(_RATE, _DAILY, _MONTHLY, _BURST, _AT_ONCE),
    build=_written,
    elsewhere=MappingProxyType({**_OTHER_UNITS, _PER_USER.key: _FOR_NOBODY}),
)

# What each caller may ask of one API.
_OF_CALLERS = _not_here("belongs to callers: to plans, contracts and services")
OF_AN_API = Record(
    expects=_EXPECTS,
    fields=(_RATE, _BURST),
    build=_written,
    elsewhere=MappingProxyType(
        {
            **_OTHER_UNITS,
            **{field.key: _OF_CALLERS for field in (_DAILY, _MONTHLY, _AT_ONCE, _PER_USER)},
        }
    ),
)


def refuse_larger_share(at: At, limit: RateLimit) -> None:
    """Reports a person's share that is more than all of the `rate_limit` that it is of."""
    each = limit.per_user
    if each is not None and each.requests_per_minute > limit.requests_per_minute:
        at.diagnostics.append(
            BAD_NUMBER.at(
                at.places[f"{_HERE}.{_PER_USER.key}.{_REQUIRED_RATE.key}"],
                f"each person may call {each.requests_per_minute:,} times a minute, and all of "
                f"them together {limit.requests_per_minute:,} times",
                help="write a smaller share, or leave `per_user` out",
            )
        )


_HERE = "rate_limit"
