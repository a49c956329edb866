"""A waiver names nobody who approved it.

Why it matters
    An exception that its own author grants is not an exception but a habit. Until somebody has
    approved it the waiver excuses nothing.

Bad
    owner: payments
    approved_by: []

Good
    owner: payments
    approved_by: [api-review-board]

When to waive
    Never. Names are free text: a board, a ticket, a person.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each waiver without an approver."""
    for waiver in subject.estate.waivers:
        if not waiver.approved_by:
            yield Finding(
                message=f"nobody approved the waiver of `{waiver.rule}` for `{waiver.api}`, so it "
                "excuses nothing",
                span=waiver.places["approved_by"],
                help="name who approved it: `approved_by: [api-review-board]`",
                api=waiver.api,
                version=waiver.version,
            )


RULE = Rule(
    code="FC904",
    name="waiver-unapproved",
    summary="a waiver names nobody who approved it",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
