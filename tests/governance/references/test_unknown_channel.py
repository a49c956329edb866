"""FC413."""

from __future__ import annotations

from decimal import Decimal

import pytest

from forecourt.diagnostics import Span
from forecourt.estate.api import Escalation, Objective
from forecourt.governance.references.unknown_channel import RULE
from tests.governance.builders import an_api, an_estate, an_organization, findings, messages

_PLACE = Span("apis/users/api.yaml", 7, 60)
_ACME = an_organization(channels={"email": {"smtp": "smtp://mail.acme.example"}})


def _users(action: str) -> Objective:
    step = Escalation(threshold=Decimal("0.99"), action=action, origin=_PLACE)
    return Objective(escalation=(step,))


def test_names_the_channel_that_is_not_there() -> None:
    users = an_api("users", "internal", objective=_users("notify slack"))
    (found,) = findings(RULE, an_estate(_ACME, users))
    assert found.message == "`notify slack` reaches nobody: no channel is called `slack`"
    assert found.span == _PLACE


@pytest.mark.parametrize("action", ["notify email", "declare incident"])
def test_says_nothing_of_what_reaches_somebody(action: str) -> None:
    users = an_api("users", "internal", objective=_users(action))
    assert messages(RULE, an_estate(_ACME, users)) == []


def test_waits_until_the_channels_can_be_read() -> None:
    users = an_api("users", "internal", objective=_users("notify slack"))
    assert messages(RULE, an_estate(users, organization=None)) == []
