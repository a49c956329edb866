"""`plans.yaml`: what public applications may use."""

from __future__ import annotations

from collections.abc import Mapping

from forecourt.estate.consumers import Plan
from forecourt.source.files.rate_limits import RATE_LIMIT, refuse_larger_share
from forecourt.source.vocabulary.collection import ByName
from forecourt.source.vocabulary.names import NAME
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Record, Row, optional, required

_RATE_LIMIT = required("rate_limit", RATE_LIMIT, "how often an application on this plan may call")


def _plan(row: Row, at: At) -> Plan:
    at.attempt(lambda: refuse_larger_share(at, row[_RATE_LIMIT]))
    return Plan(name=at.label, rate_limit=row[_RATE_LIMIT], places=at.places)


PLAN = Record(expects="a mapping with `rate_limit`", fields=(_RATE_LIMIT,), build=_plan)

_PLANS = optional(
    "plans",
    ByName(keys=NAME, values=PLAN, expects="a mapping of plans", is_lenient=True, is_apart=True),
    "the plans by name",
    default={},
    example={"standard": {"rate_limit": {"requests_per_minute": 100}}},
)


def _plans(row: Row, at: At) -> Mapping[str, Plan]:
    return row[_PLANS]


PLANS = Record(expects="a mapping with `plans`", fields=(_PLANS,), build=_plans, is_lenient=True)
