"""A service that calls what no `allow` names is told of; others are not."""

from __future__ import annotations

from forecourt.defence.not_allowed import DETECTOR
from tests.defence.logged import found_by, spread

ORDERS = {
    "listener": "internal",
    "audience": "internal",
    "consumer": "service:orders",
    "application": "orders",
    "credential": "spiffe:orders",
}
NOT_ALLOWED = ORDERS | {"status": 404, "reason": "not-allowed"}


def test_finds_the_service_and_never_more_than_reports_it() -> None:
    (finding,) = found_by(DETECTOR, spread(12, 30, **NOT_ALLOWED))
    assert (finding.subject.kind, finding.subject.id) == ("application", "orders")
    assert DETECTOR.most == "report"


def test_no_alarm_for_a_few_calls_while_an_allow_is_rolled_out() -> None:
    assert found_by(DETECTOR, spread(8, 30, **NOT_ALLOWED)) == ()


def test_no_alarm_for_a_busy_service() -> None:
    assert found_by(DETECTOR, spread(10_000, 60, **ORDERS)) == ()


def test_outside_nobody_is_on_such_a_list() -> None:
    assert found_by(DETECTOR, spread(60, 30, **NOT_ALLOWED | {"listener": "external"})) == ()
