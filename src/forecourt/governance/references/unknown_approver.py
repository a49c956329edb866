"""A waiver was approved by somebody who is not declared.

Why it matters
    An exception counts because somebody who may agree to it did. Where the organisation keeps a
    list of them, a name that is not on it is a slip, or an approval that nobody gave. Without
    `approvers` in `forecourt.yaml` nobody keeps a list, and every name counts.

Bad
    # forecourt.yaml
    approvers: {api-review-board: meets on Tuesdays}

    # waivers/payments-v1-sunset.yaml
    approved_by: [api-reviewboard]

Good
    # waivers/payments-v1-sunset.yaml
    approved_by: [api-review-board]

When to waive
    Never: have somebody approve it who may, or declare the approver in `forecourt.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.nearest import did_you_mean
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each approver of a waiver that the organisation does not declare."""
    organization = subject.estate.organization
    if organization is None or organization.approvers is None:
        return
    for waiver in subject.estate.waivers:
        for i, approver in enumerate(waiver.approved_by):
            if approver not in organization.approvers:
                yield Finding(
                    message=f"no approver is called `{approver}`",
                    span=waiver.places[f"approved_by.{i}"],
                    help=did_you_mean(
                        approver,
                        organization.approvers,
                        "declare it under `approvers` in `forecourt.yaml`, or ask somebody who is",
                    ),
                    api=waiver.api,
                )


RULE = Rule(
    code="FC412",
    name="unknown-approver",
    summary="a waiver was approved by somebody who is not declared",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
