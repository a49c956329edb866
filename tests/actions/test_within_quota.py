"""Whether a caller's quota is used up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from forecourt.actions.entitlement import Entitlement
from forecourt.actions.quota import Spent, Window
from forecourt.actions.within_quota import within_quota
from forecourt.estate.audience import Audience
from tests.actions.builders import a_limit

TODAY = date(2026, 3, 1)
ADA = Entitlement(
    credential="key_1",
    application="app_1",
    consumer="developer:ada",
    audience=Audience.PUBLIC,
    bucket="app_1",
    limit=replace(a_limit(), per_day=100),
)


class Spending:
    """Everybody spent this much."""

    def __init__(self, day: int) -> None:
        self.day = day
        self.asked: list[str] = []

    async def spent(self, holder: str, day: date) -> Spent:
        self.asked.append(holder)
        return Spent(day=self.day, month=self.day)


async def test_says_until_when_a_quota_is_used_up() -> None:
    found = await within_quota(ADA, Spending(100), TODAY)
    assert found.exhausted is not None
    assert found.exhausted.window is Window.DAY
    assert found.exhausted.resets == datetime(2026, 3, 2, tzinfo=UTC)
    assert await within_quota(ADA, Spending(99), TODAY) == ADA


async def test_a_limit_that_was_raised_is_not_used_up() -> None:
    raised = replace(ADA, limit=replace(ADA.limit, per_day=101))
    assert (await within_quota(raised, Spending(100), TODAY)).exhausted is None


async def test_nobody_is_asked_about_who_has_no_quota_or_tests() -> None:
    spending = Spending(100)
    unlimited = replace(ADA, limit=a_limit())
    test = replace(ADA, is_test=True, bucket="app_1/test")
    assert await within_quota(unlimited, spending, TODAY) == unlimited
    assert await within_quota(test, spending, TODAY) == test
    assert spending.asked == []
