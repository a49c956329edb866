"""FC412."""

from __future__ import annotations

from forecourt.governance.references.unknown_approver import RULE
from tests.governance.builders import a_waiver, an_estate, an_organization, findings, messages

_BOARD = an_organization(approvers={"api-review-board": "meets on Tuesdays"})
_WAIVER = a_waiver(approved_by=("api-review-board", "api-reviewboard"))


def test_suggests_the_approver_that_was_meant() -> None:
    (found,) = findings(RULE, an_estate(_BOARD, _WAIVER))
    assert found.message == "no approver is called `api-reviewboard`"
    assert found.help == "did you mean `api-review-board`?"
    assert found.span == _WAIVER.places["approved_by.1"]


def test_asks_for_one_who_may_where_nobody_is_near() -> None:
    (found,) = findings(RULE, an_estate(_BOARD, a_waiver(approved_by=("me",))))
    assert found.help.startswith("declare it under `approvers`")


def test_every_name_counts_where_nobody_keeps_a_list() -> None:
    assert messages(RULE, an_estate(an_organization(), _WAIVER)) == []
    assert messages(RULE, an_estate(_WAIVER, organization=None)) == []


def test_an_empty_list_lets_nobody_agree() -> None:
    assert len(messages(RULE, an_estate(an_organization(approvers={}), _WAIVER))) == 2
