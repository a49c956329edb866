"""`sla.yaml`: what is promised by tier, and what is paid when it is broken."""

from __future__ import annotations

from collections.abc import Mapping

from forecourt.estate.sla import Credit, Tier
from forecourt.source.vocabulary.collection import ByName, Listed
from forecourt.source.vocabulary.names import NAME, PERCENTILE
from forecourt.source.vocabulary.quantities import DURATION, PERCENTAGE
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Record, Row, optional, required

LATENCY = ByName(
    keys=PERCENTILE, values=DURATION, expects="a mapping of percentiles, such as `{p95: 200ms}`"
)

_BELOW = required("below", PERCENTAGE, "the availability under which it is paid")
_CREDIT = required("credit", PERCENTAGE, "the share of the fee that is paid back")


def _credit(row: Row, at: At) -> Credit:
    return Credit(below=row[_BELOW], credit=row[_CREDIT])


CREDIT = Record(
    expects="a mapping with `below` and `credit`", fields=(_BELOW, _CREDIT), build=_credit
)

_AVAILABILITY = required("availability", PERCENTAGE, "the share of time in which calls succeed")
_LATENCY = optional(
    "latency",
    LATENCY,
    "how quickly calls are answered, by percentile",
    default={},
    example={"p95": "300ms"},
)
_RESPONSE = optional("support_response", DURATION, "how soon support answers", example="8h")
_CREDITS = optional(
    "credits",
    Listed(of=CREDIT, expects="a list of credits"),
    "what is paid back when availability falls",
    default=(),
)


def _tier(row: Row, at: At) -> Tier:
    return Tier(
        name=at.label,
        availability=row[_AVAILABILITY],
        latency=row[_LATENCY],
        support_response=row[_RESPONSE],
        credits=at.attempt(lambda: _highest_first(row[_CREDITS])),
        places=at.places,
    )


def _highest_first(credits: tuple[Credit, ...]) -> tuple[Credit, ...]:
    return tuple(sorted(credits, key=lambda credit: credit.below, reverse=True))


TIER = Record(
    expects="a mapping with `availability`",
    fields=(_AVAILABILITY, _LATENCY, _RESPONSE, _CREDITS),
    build=_tier,
)

_TIERS = optional(
    "tiers",
    ByName(keys=NAME, values=TIER, expects="a mapping of tiers", is_lenient=True, is_apart=True),
    "the tiers by name",
    default={},
    example={"standard": {"availability": "99.5%"}},
)


def _tiers(row: Row, at: At) -> Mapping[str, Tier]:
    return row[_TIERS]


TIERS = Record(expects="a mapping with `tiers`", fields=(_TIERS,), build=_tiers, is_lenient=True)
