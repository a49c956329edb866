"""FC410."""

from __future__ import annotations

from forecourt.governance import Facts
from forecourt.governance.references.unset_variable import RULE
from tests.governance.builders import an_estate, an_organization, findings, messages

_ACME = an_organization(channels={"slack": {"webhook": "https://${HOST}/${SLACK_WEBHOOK}"}})


def _with(*variables: str) -> Facts:
    return Facts(files=frozenset(), variables=frozenset(variables))


def test_finds_each_variable_that_is_not_set() -> None:
    found = findings(RULE, an_estate(_ACME), _with("HOST"))
    assert [f.message for f in found] == ["the environment variable `SLACK_WEBHOOK` is not set"]
    assert found[0].span == _ACME.places["channels.slack.webhook"]


def test_variables_that_are_set_pass() -> None:
    assert messages(RULE, an_estate(_ACME), _with("HOST", "SLACK_WEBHOOK")) == []


def test_nothing_needs_to_be_set_locally() -> None:
    assert messages(RULE, an_estate(_ACME), Facts(files=frozenset())) == []


def test_says_nothing_where_the_organisation_could_not_be_read() -> None:
    assert messages(RULE, an_estate(organization=None), _with()) == []
