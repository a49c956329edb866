"""FC217."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forecourt.governance.exposure.anonymous_operation import RULE
from forecourt.governance.rule import ContractFacts
from tests.governance.builders import an_api, an_estate, findings, some_facts


def found(audience: str, *operations: str, listener: str | None = None) -> list[str]:
    api = an_api("payments", audience)
    if listener is not None:
        api = replace(api, posture={"listener": listener})
    document = api.versions[0].document or ""
    contracts = {document: ContractFacts(path=document, anonymous=operations)}
    estate = an_estate(api)
    return [f.message for f in findings(RULE, estate, some_facts(estate, contracts=contracts))]


@pytest.mark.parametrize(("audience", "count"), [("public", 1), ("partner", 0), ("internal", 0)])
def test_speaks_of_what_the_public_could_call(audience: str, count: int) -> None:
    assert len(found(audience, "GET /rates")) == count


def test_says_nothing_of_what_is_not_outside() -> None:
    assert found("public", "GET /rates", listener="internal") == []


def test_says_it_once_however_many_there_are() -> None:
    (message,) = found("public", "GET /rates", "POST /notes", "GET /other")
    assert message.startswith("`GET /rates` and 2 more")


def test_says_nothing_where_each_asks_for_a_credential() -> None:
    assert found("public") == []
