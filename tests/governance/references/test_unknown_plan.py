"""FC416."""

from __future__ import annotations

from dataclasses import replace

from forecourt.estate.audience import Audience
from forecourt.estate.consumers import Plan
from forecourt.estate.model import Estate
from forecourt.estate.rate_limit import RateLimit
from forecourt.governance.references.unknown_plan import RULE
from tests.governance.builders import (
    an_estate,
    an_issuer,
    an_organization,
    findings,
    messages,
    places,
    some_facts,
)

_KEY = "identity.issuers.1.plan"
_APPS = Plan(name="apps", rate_limit=RateLimit(requests_per_minute=6000), places=places("plans"))


def _estate(plan: str | None, callers: Audience = Audience.PUBLIC) -> Estate:
    issuers = (an_issuer(), an_issuer("other", plan=plan, callers=callers))
    organization = replace(
        an_organization(issuers=issuers), places=places("forecourt.yaml", [_KEY])
    )
    return replace(an_estate(), organization=organization, plans={"apps": _APPS})


def test_finds_a_plan_that_is_not_described() -> None:
    estate = _estate("aps")
    (found,) = findings(RULE, estate)
    assert (found.message, found.help) == ("no plan is called `aps`", "did you mean `apps`?")
    assert estate.organization is not None
    assert found.span == estate.organization.places[_KEY]


def test_finds_a_plan_that_nobody_can_be_on() -> None:
    (message,) = messages(RULE, _estate("apps", Audience.PARTNER))
    assert message == (
        "`other` signs for partner callers, who are on no plan: their contracts say what they may"
        " use"
    )


def test_is_silent_about_one_that_is_described_and_where_none_is_named() -> None:
    assert messages(RULE, _estate("apps")) == messages(RULE, _estate(None)) == []


def test_waits_until_the_plans_can_be_read() -> None:
    facts = some_facts(_estate("aps"), unreadable=frozenset({"plans.yaml"}))
    assert messages(RULE, _estate("aps"), facts) == []
