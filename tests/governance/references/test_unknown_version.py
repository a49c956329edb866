"""FC403."""

from __future__ import annotations

from datetime import date

from forecourt.governance.references.unknown_version import RULE
from tests.governance.builders import (
    a_partner,
    a_version,
    an_api,
    an_estate,
    findings,
    messages,
    some_facts,
)


def test_names_the_versions_there_are() -> None:
    partner = a_partner(apis={"payments": ("1", "7")})
    api = an_api(versions=(a_version("1"), a_version("2")))
    (found,) = findings(RULE, an_estate(api, partner))
    assert found.message == "`payments` has no version `7`"
    assert found.help == "name one of `1`, `2`"
    assert found.span == partner.places["apis.payments.allowed_versions.1"]


def test_suggests_the_date_that_was_meant() -> None:
    api = an_api(versions=(a_version("2024-01-15"),))
    partner = a_partner(apis={"payments": ("2024-01-05",)})
    assert findings(RULE, an_estate(api, partner))[0].help == "did you mean `2024-01-15`?"


def test_an_unversioned_api_has_none_to_allow() -> None:
    (message,) = messages(RULE, an_estate(an_api("payments", "internal"), a_partner()))
    assert message == "`1` is named, but `payments` declares no versions"


def test_looks_at_agreed_sunsets_too() -> None:
    partner = a_partner(apis={}, sunsets={("payments", "8"): date(2025, 1, 1)})
    assert messages(RULE, an_estate(an_api(), partner)) == ["`payments` has no version `8`"]


def test_waits_until_the_api_can_be_read() -> None:
    estate = an_estate(an_api(), a_partner(apis={"payments": ("7",)}))
    facts = some_facts(estate, unreadable=frozenset({"apis/payments/api.yaml"}))
    assert messages(RULE, estate, facts) == []


def test_a_partner_may_have_every_version() -> None:
    assert messages(RULE, an_estate(an_api(), a_partner(apis={"payments": None}))) == []
