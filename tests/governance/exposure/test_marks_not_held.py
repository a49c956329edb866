"""FC214."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.governance import ContractFacts, Finding
from forecourt.governance.exposure.marks_not_held import RULE
from tests.governance.builders import a_version, an_api, an_estate, findings, some_facts
from tests.governance.exposure.marked import PATH, a_mark


def found(*marks: str, audience: str = "public", **posture: Any) -> list[Finding]:
    api = an_api(audience=audience, versions=(a_version(contract=PATH),), posture=posture)
    contract = ContractFacts(path=PATH, marks=tuple(map(a_mark, marks)))
    estate = an_estate(api)
    return findings(RULE, estate, some_facts(estate, contracts={PATH: contract}))


def test_marks_that_callers_are_held_to_are_fine() -> None:
    assert found("internal", "partner") == []


@pytest.mark.parametrize(
    ("dimension", "value"),
    [("response_check", "observe"), ("response_check", "off"), ("request_check", "observe")],
)
def test_what_is_only_observed_hides_nothing(dimension: str, value: str) -> None:
    (finding,) = found("internal", **{dimension: value})
    assert finding.message == (
        f"`{dimension}` is `{value}` for public callers, from whom the contract hides what it "
        "marks, and so nothing is hidden"
    )
    assert finding.dimension == dimension


def test_without_marks_anything_may_be_observed() -> None:
    assert found(response_check="observe") == []
    assert found("public", response_check="observe") == []


def test_only_audiences_of_the_api_count() -> None:
    assert found("partner", audience="partner", response_check="observe") == []
    assert len(found("internal", audience="partner", response_check="observe")) == 1
    assert found("internal", audience="internal") == []
