"""What is counted of what was logged."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from forecourt.usage.rollup import UsageKey, rolled_up, usage_key
from tests.edge.logged import a_logged_request

TODAY = date(2026, 3, 1)


def a_key(**fields: Any) -> UsageKey:
    given = {
        "day": TODAY,
        "api": "payments",
        "version": "1",
        "consumer": "partner:partner_acme_corp",
        "application": "app_1",
    }
    return UsageKey(**(given | fields))


def test_counts_requests_by_day_version_and_caller() -> None:
    requests = [
        a_logged_request(),
        a_logged_request(status=500),
        a_logged_request(version="2"),
        a_logged_request(time="2026-03-02T00:00:00.000Z"),
        a_logged_request(status=404, reason="no-such-operation"),
        a_logged_request(reason="observed body-invalid"),
    ]
    assert rolled_up(requests) == {
        a_key(): 3,
        a_key(version="2"): 1,
        a_key(day=date(2026, 3, 2)): 1,
    }


def test_whoever_still_calls_in_a_brownout_is_counted_by_the_path() -> None:
    refused = {"status": 410, "reason": "brownout", "version": None}
    assert usage_key(a_logged_request(**refused)) == a_key()
    assert usage_key(a_logged_request(**refused, route="payments@#0123456789ab")) is None


def test_an_api_without_versions_has_one_without_a_name() -> None:
    for reason in (None, "observed body-invalid"):
        request = a_logged_request(version=None, route="payments@#0123456789ab", reason=reason)
        assert usage_key(request) == a_key(version="")


@pytest.mark.parametrize(
    "fields",
    [
        {"route": None},
        {"consumer": None},
        {"application": None},
        {"reason": "retired"},
        {"reason": "rate-limited"},
        {"route": "payments@1#0123456789ab/mock"},
    ],
    ids=["nothing there", "nobody", "no application", "gone", "over the limit", "a test"],
)
def test_nothing_else_is_counted(fields: dict[str, Any]) -> None:
    assert usage_key(a_logged_request(**fields)) is None
