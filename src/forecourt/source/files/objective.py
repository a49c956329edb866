"""`slo:` in `api.yaml`: the objective of an internal API."""

from __future__ import annotations

from decimal import Decimal

from forecourt.estate.api import ACTIONS, Escalation, Objective
from forecourt.source.files.tiers import LATENCY, refuse_falling
from forecourt.source.vocabulary.collection import Listed
from forecourt.source.vocabulary.quantities import BELOW_PERCENTAGE, DAYS, PERCENTAGE
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Record, Row, optional, required
from forecourt.source.vocabulary.words import OneOf

_THRESHOLD = required("threshold", PERCENTAGE, "the availability under which it happens")
_ACTION = required("action", OneOf(words=ACTIONS), "what happens then", example="notify slack")


def _escalation(row: Row, at: At) -> Escalation:
    origin = at.places[f"{at.key}.action"]
    return Escalation(threshold=row[_THRESHOLD], action=row[_ACTION], origin=origin)


_TARGET = required("target", PERCENTAGE, "the share of calls that succeed")
_WINDOW = optional("window", DAYS, "the days over which it is measured", default=30, written="30d")
_ESCALATION = optional(
    "escalation",
    Listed(
        of=Record(
            expects="a mapping with `threshold` and `action`",
            fields=(_THRESHOLD, _ACTION),
            build=_escalation,
        ),
        expects="a list of thresholds and actions",
    ),
    "what happens when it falls",
    default=(),
)


def _availability(row: Row, at: At) -> Objective:
    steps = at.attempt(lambda: _highest_first(row[_ESCALATION]))
    return Objective(availability=row[_TARGET], window_days=row[_WINDOW], escalation=steps)


def _highest_first(steps: tuple[Escalation, ...]) -> tuple[Escalation, ...]:
    return tuple(sorted(steps, key=lambda step: step.threshold, reverse=True))


_MOST_ERRORS = required("target", BELOW_PERCENTAGE, "the share of calls that may fail")


def _error_rate(row: Row, at: At) -> Decimal:
    return row[_MOST_ERRORS]


_AVAILABILITY = optional(
    "availability",
    Record(
        expects="a mapping with `target`",
        fields=(_TARGET, _WINDOW, _ESCALATION),
        build=_availability,
    ),
    "how often calls succeed",
    default=Objective(),
)
_LATENCY = optional(
    "latency",
    LATENCY,
    "how quickly calls are answered, by percentile",
    default={},
    example={"p95": "200ms"},
)
_ERROR_RATE = optional(
    "error_rate",
    Record(expects="a mapping with `target`", fields=(_MOST_ERRORS,), build=_error_rate),
    "how often the service fails; client errors do not count",
)


def _objective(row: Row, at: At) -> Objective | None:
    before = len(at.diagnostics)
    at.attempt(lambda: refuse_falling(at, row[_LATENCY]))
    if len(at.diagnostics) > before and not at.supposes:
        return None
    availability = row[_AVAILABILITY]
    return Objective(
        availability=availability.availability,
        window_days=availability.window_days,
        escalation=availability.escalation,
        latency=row[_LATENCY],
        error_rate=row[_ERROR_RATE],
    )


OBJECTIVE = Record(
    expects="a mapping with `availability`, `latency` or `error_rate`",
    fields=(_AVAILABILITY, _LATENCY, _ERROR_RATE),
    build=_objective,
)
