"""How quotas stand, by who has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from forecourt.actions.credential import Application
from forecourt.actions.list_quotas import HeldQuota, list_quotas
from forecourt.actions.quota import Spent, Window
from tests.actions.builders import a_limit, a_partner, a_plan, an_application, some_callers

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


class Applications:
    async def application_by_id(self, id: str) -> Application | None:
        return an_application(id=id, plan="free") if id == "app_1" else None


async def listed(holder: str | None = None) -> tuple[HeldQuota, ...]:
    return await list_quotas(
        holder,
        callers=CALLERS,
        spending=Spending(),
        applications=Applications(),
        day=TODAY,
    )


async def test_lists_those_who_called_and_every_partner() -> None:
    found = [(q.holder, q.called, q.state.window, q.state.spent) for q in await listed()]
    assert found == [
        ("app_1", "developer:ada/shop", Window.DAY, 10),
        ("app_1", "developer:ada/shop", Window.MONTH, 20),
        ("partner:partner_acme_corp", "partner:partner_acme_corp", Window.MONTH, 0),
    ]


async def test_asks_about_one() -> None:
    assert [q.state.window for q in await listed("app_1")] == [Window.DAY, Window.MONTH]
    assert await listed("id/client") == ()
    assert await listed("nobody") == ()
