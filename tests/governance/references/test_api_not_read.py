"""FC411."""

from __future__ import annotations

from forecourt.governance.references.api_not_read import RULE
from tests.governance.builders import an_api, an_estate, findings, messages, some_facts


def test_what_cannot_be_read_is_kept_apart_from_what_was_removed() -> None:
    estate = an_estate(an_api())
    (found,) = findings(RULE, estate, some_facts(estate, unread_apis=frozenset({"users"})))
    assert found.message == "`users` cannot be read with what the environment lays over it"
    assert str(found.span) == "apis/users/api.yaml:1:1"


def test_an_api_that_could_be_read_passes() -> None:
    assert messages(RULE, an_estate(an_api())) == []
