"""What counts against a quota, and against whose."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from forecourt.usage.spending import Holder, SpendingKey, holder_of, spending_key, spent
from tests.edge.logged import a_logged_request

TODAY = date(2026, 3, 1)
ACME = Holder(id="partner:partner_acme_corp", is_owner=True)


def test_a_partners_applications_share_its_quota() -> None:
    requests = [
        a_logged_request(),
        a_logged_request(application="app_2", route="prices@#0123456789ab", version="2024-01-15"),
        a_logged_request(time="2026-03-01T23:59:59.999Z", status=500),
        a_logged_request(time="2026-03-02T00:00:00.000Z"),
        a_logged_request(time="2026-03-02T01:30:00.000+02:00"),
    ]
    assert spent(requests) == {
        SpendingKey(day=TODAY, holder=ACME): 4,
        SpendingKey(day=date(2026, 3, 2), holder=ACME): 1,
    }


@pytest.mark.parametrize(
    ("consumer", "application", "holder"),
    [
        ("developer:ada", "app_1", Holder(id="app_1", is_owner=False)),
        ("developer:id/client", "id/client", Holder(id="id/client", is_owner=False)),
        ("partner:one", "app_1", Holder(id="partner:one", is_owner=True)),
        ("service:orders", "orders", Holder(id="service:orders", is_owner=True)),
    ],
)
def test_a_quota_belongs_to_what_the_limit_belongs_to(
    consumer: str, application: str, holder: Holder
) -> None:
    assert holder_of(consumer, application) == holder


@pytest.mark.parametrize(
    "fields",
    [
        {"consumer": None},
        {"application": None},
        {"status": 404, "reason": "not-found"},
        {"status": 429, "reason": "rate-limited"},
        {"status": 429, "reason": "quota-exhausted"},
        {"status": 410, "reason": "brownout"},
        {"route": "payments@1#0123456789ab/mock"},
    ],
    ids=str,
)
def test_what_is_refused_or_a_test_costs_nothing(fields: dict[str, Any]) -> None:
    assert spending_key(a_logged_request(**fields)) is None


def test_what_is_only_observed_costs_as_much_as_any() -> None:
    assert spending_key(a_logged_request(reason="observed body-invalid")) is not None
