"""FC405."""

from __future__ import annotations

from forecourt.governance.references.unknown_sla_tier import RULE
from tests.governance.builders import (
    a_partner,
    a_tier,
    an_api,
    an_estate,
    findings,
    messages,
    some_facts,
)

_API = an_api(sla_tiers=("standard", "gold"))
_PARTNER = a_partner(sla_tier="standart")
_ESTATE = an_estate(_API, _PARTNER, a_tier("standard"))


def test_finds_tiers_of_apis_and_partners() -> None:
    of_api, of_partner = findings(RULE, _ESTATE)
    assert (of_api.message, of_api.span) == ("no tier is called `gold`", _API.places["sla.tiers.1"])
    assert (of_partner.help, of_partner.span) == (
        "did you mean `standard`?",
        _PARTNER.places["sla_tier"],
    )


def test_waits_until_the_tiers_can_be_read() -> None:
    facts = some_facts(_ESTATE, unreadable=frozenset({"sla.yaml"}))
    assert messages(RULE, _ESTATE, facts) == []
