"""FC212."""

from __future__ import annotations

from forecourt.governance.exposure.narrower_answers import RULE
from tests.governance.exposure.marked import a_contradiction, at, found


def test_an_operation_that_can_only_fail_is_told() -> None:
    (finding,) = found(RULE, contradictions=(a_contradiction("answers", "public"),))
    assert (finding.message, finding.span) == ("public callers", at(7))


def test_one_that_others_cannot_reach_may_hide_all() -> None:
    met = (a_contradiction("answers", "public"),)
    assert found(RULE, "partner", contradictions=met) == []


def test_other_contradictions_are_for_another_rule() -> None:
    assert found(RULE, contradictions=(a_contradiction("requires", "public"),)) == []
