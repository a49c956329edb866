"""Whom a brownout would hit."""

from __future__ import annotations

from datetime import UTC, date, datetime

from forecourt.actions.plan_brownouts import PlannedBrownouts, plan_brownouts, usage_window
from forecourt.actions.usage import Usage
from forecourt.compiler.ir.callers import Partner
from forecourt.compiler.lowering.callers import lower_partner
from forecourt.estate.api import Status
from tests.compiler.builders import lowered_api
from tests.governance.builders import a_partner, a_version

SUNSET = date(2030, 7, 1)
OLD = a_version("1", status=Status.DEPRECATED, deprecated=date(2029, 1, 1), sunset=SUNSET)
API = lowered_api(versions=(OLD, a_version("2")))


def some_usage(consumer: str, requests: int = 1, *, version: str = "1") -> Usage:
    return Usage(
        version=version,
        consumer=consumer,
        application=f"app of {consumer}",
        requests=requests,
        last=date(2030, 5, 1),
    )


USAGE = tuple(
    some_usage(consumer)
    for consumer in ("developer:ada", "partner:partner_acme-corp", "service:orders")
)


def planned(
    at: date = date(2030, 5, 1), *partners: Partner, usage: tuple[Usage, ...] = USAGE
) -> PlannedBrownouts:
    (found,) = plan_brownouts(API, partners, usage, at)
    return found


def test_lists_what_is_planned_and_what_comes_next() -> None:
    found = planned()
    assert (found.version, found.sunset, len(found.brownouts)) == ("1", SUNSET, 3)
    assert found.now is None
    assert found.next is not None
    assert found.next.begins == datetime(2030, 6, 1, tzinfo=UTC)
    during = planned(date(2030, 6, 24))
    assert during.now == during.brownouts[2]
    assert during.next is None


def test_callers_outside_are_hit_and_services_are_not() -> None:
    found = planned()
    assert [u.consumer for u in found.hit] == ["developer:ada", "partner:partner_acme-corp"]
    assert [u.consumer for u in found.spared] == ["service:orders"]


def test_who_was_given_longer_is_told_apart() -> None:
    partner = lower_partner(a_partner(sunsets={("payments", "1"): date(2031, 1, 1)}), "")
    found = planned(date(2030, 5, 1), partner)
    assert [u.consumer for u in found.hit] == ["developer:ada"]
    (longer,) = found.longer
    assert (longer.partner, longer.until, longer.requests) == ("acme-corp", date(2031, 1, 1), 1)
    as_long = lower_partner(a_partner(sunsets={("payments", "1"): SUNSET}), "")
    assert planned(date(2030, 5, 1), as_long).longer == ()


def test_what_others_call_does_not_count() -> None:
    assert planned(usage=(some_usage("developer:ada", version="2"),)).hit == ()


def test_the_days_that_count_are_thirty_and_past() -> None:
    today = date(2030, 5, 30)
    assert usage_window(today, today) == (date(2030, 5, 1), today)
    assert usage_window(date(2031, 1, 1), today) == (date(2030, 5, 1), today)
    assert usage_window(date(2030, 3, 1), today)[1] == date(2030, 3, 1)
