"""FC306."""

from __future__ import annotations

import pytest

from forecourt.estate.api import Objective
from forecourt.governance.lifecycle.promise_missing import RULE
from tests.governance.builders import a_tier, an_api, an_estate, findings, messages


def test_a_public_api_names_its_tiers() -> None:
    api = an_api("users", sla_tiers=())
    (found,) = findings(RULE, an_estate(api, a_tier("standard"), a_tier("premium")))
    assert found.message == (
        "`users` names no `sla.tiers`, but a public API publishes what it promises"
    )
    assert found.span == api.places["audience"]
    assert "(standard, premium)" in found.help


def test_an_objective_is_no_promise() -> None:
    (message,) = messages(RULE, an_estate(an_api(sla_tiers=(), objective=Objective())))
    assert message.endswith("; `slo` is a target inside, not a promise")


@pytest.mark.parametrize("audience", ["internal", "partner"])
def test_others_publish_none(audience: str) -> None:
    assert messages(RULE, an_estate(an_api(audience=audience))) == []


def test_asks_what_the_api_itself_decided() -> None:
    stricter = an_api(audience="partner", posture={"promise": "sla_published"})
    assert len(messages(RULE, an_estate(stricter))) == 1
