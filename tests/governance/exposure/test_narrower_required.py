"""FC211."""

from __future__ import annotations

import pytest

from forecourt.governance.exposure.narrower_required import RULE
from tests.governance.exposure.marked import a_contradiction, at, found


def test_callers_cannot_send_what_they_do_not_see() -> None:
    (finding,) = found(RULE, contradictions=(a_contradiction("requires", "public"),))
    assert (finding.message, finding.span) == ("public callers", at(7))
    assert (finding.api, finding.version) == ("payments", "1")


def test_what_several_audiences_meet_is_told_once_of_the_widest() -> None:
    met = tuple(a_contradiction("requires", a) for a in ("partner", "public"))
    assert [f.message for f in found(RULE, contradictions=met)] == ["public callers"]
    assert [f.message for f in found(RULE, "partner", contradictions=met)] == ["partner callers"]


def test_each_place_is_told() -> None:
    met = tuple(a_contradiction("requires", "public", line) for line in (3, 5))
    assert [f.span for f in found(RULE, contradictions=met)] == [at(3), at(5)]


@pytest.mark.parametrize("audience", ["internal", "partner"])
def test_an_audience_that_the_api_does_not_have_meets_nothing(audience: str) -> None:
    met = (a_contradiction("requires", "public"),)
    assert found(RULE, audience, contradictions=met) == []


def test_other_contradictions_are_for_another_rule() -> None:
    assert found(RULE, contradictions=(a_contradiction("answers", "public"),)) == []
