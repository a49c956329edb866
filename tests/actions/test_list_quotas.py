"""How quotas stand, by who has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from forecourt.actions.caller_called import caller_called
from forecourt.actions.list_quotas import HeldQuota, list_quotas
from forecourt.actions.quota import Spent, Window
from tests.actions.builders import (
    ACME,
    a_limit,
    a_partner,
    a_plan,
    a_record,
    an_application,
    some_callers,
)
from tests.store.in_memory import InMemoryStore

TODAY = date(2026, 3, 1)
CALLERS = some_callers(
    partners=(a_partner(limit=replace(a_limit(), per_month=5000)),),
    plans=(replace(a_plan("free"), limit=replace(a_limit(), per_day=10, per_month=100)),),
)


class Spending:
    """One application called, and a stranger with a foreign token."""

    async def spent(self, holder: str, day: date) -> Spent:
        return (await self.spent_by_all(day)).get(holder, Spent())

    async def spent_by_all(self, day: date) -> Mapping[str, Spent]:
        return {"app_1": Spent(day=10, month=20), "id/client": Spent(day=5, month=5)}


async def listed(consumer: str | None = None) -> tuple[HeldQuota, ...]:
    store = InMemoryStore().credentials
    for application in (
        an_application(id="app_1", plan="free"),
        an_application(ACME, id="app_acme"),
    ):
        await store.add_application(application, a_record())
    whose = None
    if consumer is not None:
        whose = await caller_called(consumer, callers=CALLERS, store=store)
        assert whose is not None
    return await list_quotas(
        whose, callers=CALLERS, spending=Spending(), applications=store, day=TODAY
    )


async def test_lists_those_who_called_and_every_partner() -> None:
    found = [(q.holder, q.called, q.state.window, q.state.spent) for q in await listed()]
    assert found == [
        ("app_1", "developer:ada/shop", Window.DAY, 10),
        ("app_1", "developer:ada/shop", Window.MONTH, 20),
        ("partner:partner_acme_corp", "partner:partner_acme_corp", Window.MONTH, 0),
    ]


@pytest.mark.parametrize("consumer", ["app_1", "developer:ada/shop", "developer:ada"])
async def test_asks_about_one(consumer: str) -> None:
    assert [(q.holder, q.state.window) for q in await listed(consumer)] == [
        ("app_1", Window.DAY),
        ("app_1", Window.MONTH),
    ]


@pytest.mark.parametrize("consumer", ["partner:acme-corp", "partner:acme-corp/shop", "app_acme"])
async def test_a_partners_quota_is_that_of_each_of_its_applications(consumer: str) -> None:
    (found,) = await listed(consumer)
    assert found.holder == "partner:partner_acme_corp"


@pytest.mark.parametrize("consumer", ["acme-id/client", "service:orders", "orders"])
async def test_lists_nothing_where_there_is_no_quota(consumer: str) -> None:
    assert await listed(consumer) == ()
