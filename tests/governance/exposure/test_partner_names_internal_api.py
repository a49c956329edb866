"""FC206."""

from __future__ import annotations

import pytest

from forecourt.governance.exposure.partner_names_internal_api import RULE
from tests.governance.builders import a_partner, an_api, an_estate, findings, messages


def test_a_contract_cannot_reach_an_internal_api() -> None:
    partner = a_partner(apis={"users": None})
    (found,) = findings(RULE, an_estate(partner, an_api("users", "internal")))
    assert found.message == "`users` is internal, so `acme-corp` can never reach it"
    assert found.span == partner.places["apis.users"]


@pytest.mark.parametrize("audience", ["partner", "public"])
def test_a_contract_may_name_an_external_api(audience: str) -> None:
    assert messages(RULE, an_estate(a_partner(), an_api(audience=audience))) == []
