"""FC317."""

from __future__ import annotations

from forecourt.diagnostics import Span
from forecourt.governance import Facts, UncoveredFact
from forecourt.governance.lifecycle import change_not_covered
from forecourt.governance.lifecycle.shown_by_older_version import RULE
from tests.governance.builders import an_api, an_estate, findings

_PLACE = Span("apis/payments/v2.openapi.yaml", 7, 3)
_HIDDEN = UncoveredFact(
    api="payments",
    older="1",
    newer="2",
    file="apis/payments/changes/2.yaml",
    where="GET /payments, answer 200",
    message="`fee` is gone, for public callers",
    breaks=False,
    span=_PLACE,
)
_FACTS = Facts(files=frozenset(), uncovered=(_HIDDEN,))


def test_what_the_older_version_goes_on_showing_is_told_where_it_is_hidden() -> None:
    (found,) = findings(RULE, an_estate(an_api()), facts=_FACTS)
    assert found.message == (
        "version `1` shows what version `2` hides: "
        "GET /payments, answer 200: `fee` is gone, for public callers"
    )
    assert (found.span, found.api, found.version) == (_PLACE, "payments", "1")
    assert "version `1`" in found.help


def test_it_is_no_difference_that_breaks() -> None:
    assert findings(change_not_covered.RULE, an_estate(an_api()), facts=_FACTS) == []
