"""`sla.yaml`: what is promised by tier, and what is paid when it is broken."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

from forecourt.estate.sla import Credit, Tier
from forecourt.source.codes import BAD_QUANTITY, DUPLICATE_VALUE
from forecourt.source.vocabulary.collection import ByName, Listed
from forecourt.source.vocabulary.names import NAME, PERCENTILE
from forecourt.source.vocabulary.quantities import DURATION, PERCENTAGE
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Record, Row, optional, required

LATENCY = ByName(
    keys=PERCENTILE, values=DURATION, expects="a mapping of percentiles, such as `{p95: 200ms}`"
)


def refuse_falling(at: At, latency: Mapping[str, Decimal]) -> None:
    """Report a percentile that is shorter than a lower one of the same calls."""
    ordered = sorted(latency, key=_share)
    for lower, higher in pairwise(ordered):
        if latency[higher] < latency[lower]:
            place = at.places[f"{at.key}.latency.{higher}".removeprefix(".")]
            message = f"`{higher}` is shorter than `{lower}`, and holds for more calls"
            at.diagnostics.append(BAD_QUANTITY.at(place, message, help="exchange the two"))


def _share(percentile: str) -> Decimal:
    """Of `p99.9` the 99.9, and of `p999`, as some write it."""
    digits = percentile.removeprefix("p")
    return Decimal(digits if "." in digits or int(digits) <= 100 else f"{digits[:2]}.{digits[2:]}")


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


def _tier(row: Row, at: At) -> Tier | None:
    before = len(at.diagnostics)
    at.attempt(lambda: refuse_falling(at, row[_LATENCY]))
    at.attempt(lambda: _refuse_repeats(at, row[_CREDITS]))
    if len(at.diagnostics) > before and not at.supposes:
        return None
    return Tier(
        name=at.label,
        availability=row[_AVAILABILITY],
        latency=row[_LATENCY],
        support_response=row[_RESPONSE],
        credits=at.attempt(lambda: _highest_first(row[_CREDITS])),
        places=at.places,
    )


def _refuse_repeats(at: At, credits: tuple[Credit, ...]) -> None:
    """Report what is paid twice for the same, of which nobody could say which counts."""
    seen: set[Decimal] = set()
    for number, credit in enumerate(credits):
        if credit.below in seen:
            place = at.places[f"{at.key}.credits.{number}.below".removeprefix(".")]
            message = "`below` is that of another credit of this tier"
            at.diagnostics.append(DUPLICATE_VALUE.at(place, message, help="keep one of the two"))
        seen.add(credit.below)


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
