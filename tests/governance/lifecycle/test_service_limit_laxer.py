"""FC308."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from forecourt.estate.rate_limit import RateLimit
from forecourt.governance.lifecycle.service_limit_laxer import RULE
from tests.governance.builders import a_service, an_estate, findings, messages


def test_finds_a_limit_above_the_table() -> None:
    service = replace(a_service(), rate_limit=RateLimit(requests_per_minute=50_000))
    (found,) = findings(RULE, an_estate(services={"orders": service}))
    assert found.message == (
        "service `orders` may make 50,000 calls a minute with bursts of 12,500, laxer than the "
        "10,000 with bursts of 2,500 that every service has"
    )
    assert found.span == service.places["rate_limit"]


def test_finds_a_burst_above_the_table() -> None:
    limit = RateLimit(requests_per_minute=10_000, burst_allowance=Decimal(2))
    service = replace(a_service(), rate_limit=limit)
    assert len(findings(RULE, an_estate(services={"orders": service}))) == 1


@pytest.mark.parametrize("limit", [None, RateLimit(requests_per_minute=5_000)], ids=str)
def test_the_table_or_less_passes(limit: RateLimit | None) -> None:
    service = replace(a_service(), rate_limit=limit)
    assert messages(RULE, an_estate(services={"orders": service})) == []
