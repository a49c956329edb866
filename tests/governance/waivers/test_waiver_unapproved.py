"""FC904."""

from __future__ import annotations

from forecourt.governance.waivers.waiver_unapproved import RULE
from tests.governance.builders import a_waiver, an_estate, findings, messages


def test_somebody_must_have_approved_it() -> None:
    waiver = a_waiver(approved_by=())
    (found,) = findings(RULE, an_estate(waiver))
    assert found.message == (
        "nobody approved the waiver of `promise-missing` for `payments`, so it excuses nothing"
    )
    assert found.span == waiver.places["approved_by"]


def test_approvers_are_free_text() -> None:
    assert messages(RULE, an_estate(a_waiver(approved_by=("whoever", "BOARD-42")))) == []
