"""FC310."""

from __future__ import annotations

import pytest

from forecourt.diagnostics import Span
from forecourt.governance.lifecycle.deprecation_without_day import RULE
from forecourt.governance.rule import ContractFacts
from tests.governance.builders import an_api, an_estate, findings, some_facts

PLACE = Span("apis/payments/v1.openapi.yaml", 7, 5)


@pytest.mark.parametrize(("audience", "count"), [("public", 1), ("partner", 1), ("internal", 0)])
def test_a_day_is_asked_for_where_an_end_takes_time(audience: str, count: int) -> None:
    api = an_api("payments", audience)
    estate = an_estate(api)
    document = api.versions[0].document or ""
    contracts = {document: ContractFacts(path=document, undated=(PLACE,))}
    found = findings(RULE, estate, some_facts(estate, contracts=contracts))
    assert [(f.span, f.api) for f in found] == [(PLACE, "payments")] * count
