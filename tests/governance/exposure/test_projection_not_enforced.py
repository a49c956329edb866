"""FC203."""

from __future__ import annotations

from forecourt.diagnostics import Span
from forecourt.governance import ContractFacts
from forecourt.governance.exposure.projection_not_enforced import RULE
from tests.governance.builders import an_api, an_estate, findings, messages, some_facts

_PATH = "apis/payments/v1.openapi.yaml"


def test_refuses_each_mark_at_its_place() -> None:
    marks = (Span(_PATH, 14, 7), Span(_PATH, 30, 9))
    estate = an_estate(an_api())
    facts = some_facts(estate, contracts={_PATH: ContractFacts(path=_PATH, audience_marks=marks)})
    assert [f.span for f in findings(RULE, estate, facts)] == list(marks)


def test_refuses_overlays() -> None:
    api = an_api(overlays=("apis/payments/audience.overlay.yaml",))
    (found,) = findings(RULE, an_estate(api))
    assert found.span == api.places["overlays"]


def test_a_contract_without_marks_passes() -> None:
    estate = an_estate(an_api())
    facts = some_facts(estate, contracts={_PATH: ContractFacts(path=_PATH)})
    assert messages(RULE, estate, facts) == []
