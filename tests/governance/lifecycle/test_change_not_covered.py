"""FC315."""

from __future__ import annotations

from forecourt.diagnostics import Span
from forecourt.governance import Facts, UncoveredFact
from forecourt.governance.lifecycle.change_not_covered import RULE
from tests.governance.builders import an_api, an_estate, findings

_PLACE = Span("apis/payments/v2.openapi.yaml", 7, 3)


def test_what_breaks_is_told_where_the_newer_contract_says_it() -> None:
    fact = UncoveredFact(
        api="payments",
        older="1",
        newer="2",
        file="apis/payments/changes/2.yaml",
        where="POST /charges, body",
        message="`customerId` is new, and required",
        span=_PLACE,
    )
    facts = Facts(files=frozenset(), uncovered=(fact,))
    (found,) = findings(RULE, an_estate(an_api()), facts=facts)
    assert found.message == (
        "no change from version `1` to `2` accounts for this: "
        "POST /charges, body: `customerId` is new, and required"
    )
    assert (found.span, found.api, found.version) == (_PLACE, "payments", "1")
    assert "`apis/payments/changes/2.yaml`" in found.help
    assert RULE.waivable


def test_nothing_that_breaks_is_nothing_to_tell() -> None:
    assert list(findings(RULE, an_estate(an_api()))) == []
