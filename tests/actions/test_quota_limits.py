"""Whose limits have quotas, and that each is the one that the edge is told of."""

from __future__ import annotations

from dataclasses import replace

from forecourt.actions.credential import Application
from forecourt.actions.entitlement import Entitlement
from forecourt.actions.quota_limits import quota_limits
from forecourt.actions.resolve_credential import entitlement_of_key
from forecourt.compiler.ir.callers import Callers
from forecourt.usage.spending import Holder, holder_of
from tests.actions.builders import (
    ACME,
    NOW,
    a_held_key,
    a_limit,
    a_partner,
    a_plan,
    a_service,
    an_application,
    an_issuer,
    some_callers,
)

DAILY = replace(a_limit(), per_day=1000)
MONTHLY = replace(a_limit(), per_month=5000)
CALLERS = some_callers(
    services=(a_service(limit=DAILY), a_service("billing")),
    partners=(a_partner(limit=MONTHLY),),
    plans=(replace(a_plan("free"), limit=DAILY), a_plan("endless")),
)
PARTNER = Holder(id="partner:partner_acme_corp", is_owner=True)
ORDERS = Holder(id="service:orders", is_owner=True)
BILLING = Holder(id="service:billing", is_owner=True)
FREE, ENDLESS, FOREIGN = (Holder(id=id, is_owner=False) for id in ("free", "endless", "id/x"))


class Applications:
    """One on each plan."""

    def __init__(self) -> None:
        self.asked = 0

    async def application_by_id(self, id: str) -> Application | None:
        self.asked += 1
        plans = {"free": "free", "endless": "endless"}
        return an_application(id=id, plan=plans[id]) if id in plans else None


async def test_finds_the_limits_that_have_quotas() -> None:
    everybody = {PARTNER, ORDERS, BILLING, FREE, ENDLESS, FOREIGN}
    found = await quota_limits(everybody, CALLERS, Applications())
    assert found == {PARTNER: MONTHLY, ORDERS: DAILY, FREE: DAILY}


async def test_asks_about_no_application_where_no_plan_has_a_quota() -> None:
    applications = Applications()
    callers = some_callers(partners=(a_partner(limit=MONTHLY),))
    assert await quota_limits({FREE, PARTNER}, callers, applications) == {PARTNER: MONTHLY}
    assert applications.asked == 0


async def test_a_partner_that_is_gone_has_none() -> None:
    gone = Holder(id="partner:partner_gone", is_owner=True)
    assert await quota_limits({gone}, CALLERS, Applications()) == {}


def _entitled(application: Application, callers: Callers) -> Entitlement:
    _, held = a_held_key("seed", application)
    found = entitlement_of_key(held, callers, NOW)
    assert isinstance(found, Entitlement)
    return found


def test_what_is_counted_is_what_the_bucket_belongs_to() -> None:
    for application in (an_application(), an_application(ACME)):
        found = _entitled(application, CALLERS)
        assert holder_of(found.consumer, found.application).id == found.bucket


async def test_who_comes_with_a_foreign_token_has_the_quota_of_its_issuers_plan() -> None:
    callers = replace(CALLERS, issuers=(an_issuer("id", plan="free"),))
    assert await quota_limits({FOREIGN}, callers, Applications()) == {FOREIGN: DAILY}
