"""FC402."""

from __future__ import annotations

from datetime import date

from forecourt.governance.references.unknown_api import RULE
from tests.governance.builders import (
    a_partner,
    an_api,
    an_estate,
    findings,
    messages,
    some_facts,
)


def test_suggests_the_api_that_was_meant() -> None:
    partner = a_partner(apis={"payment": None})
    (found,) = findings(RULE, an_estate(an_api("payments"), partner))
    assert found.message == "no API is called `payment`"
    assert found.help == "did you mean `payments`?"
    assert found.span == partner.places["apis.payment"]


def test_looks_at_agreed_sunsets_too() -> None:
    partner = a_partner(apis={}, sunsets={("gone", "1"): date(2025, 1, 1)})
    assert messages(RULE, an_estate(partner)) == ["no API is called `gone`"]


def test_waits_until_the_api_can_be_read() -> None:
    estate = an_estate(a_partner())
    facts = some_facts(estate, unreadable=frozenset({"apis/payments/api.yaml"}))
    assert messages(RULE, estate, facts) == []


def test_an_api_that_exists_passes() -> None:
    assert messages(RULE, an_estate(an_api(), a_partner())) == []
