"""What breaks between two versions, and no change says.

Why it matters
    Callers of an older version are served by the newer one through the changes between them. A
    breaking difference that no change accounts for reaches them as it is: their requests are
    refused or misunderstood, and answers are not what their contract says.

Bad
    # apis/payments/changes/2.yaml
    changes:
      - {rename: customer_id, to: customerId, in: [Payment, CreatePayment], because: consistency}
      - {operation: charge, becomes: createPayment, body: {wrap: charge}, because: clarity}

Good
    # apis/payments/changes/2.yaml
    changes:
      - {convert: amount, in: [Payment, CreatePayment], from: minor_units, to: money, currency: USD,
         because: amounts without a currency could not be told apart}
      - {rename: customer_id, to: customerId, in: [Payment, CreatePayment], because: consistency}
      - {operation: charge, becomes: createPayment, body: {wrap: charge}, because: clarity}
      - {map: status, in: [Payment], on_loss: refuse, because: payments can be captured later}

When to waive
    When nobody of the older version meets it, and you know so. What its contract does not allow is
    refused all the same; nothing that breaks it is let through.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each difference, in the newer contract where it has a place there."""
    for each in subject.facts.uncovered:
        if each.breaks:
            yield Finding(
                message=f"no change from version `{each.older}` to `{each.newer}` accounts for "
                f"this: {each.where}: {each.message}",
                span=each.span,
                help=f"say in `{each.file}` what becomes of it, or make the contract say what it "
                "said",
                api=each.api,
                version=each.older,
            )


RULE = Rule(
    code="FC315",
    name="change-not-covered",
    summary="something breaks between two versions, and no change accounts for it",
    severity=Severity.ERROR,
    since="0.1",
    waivable=True,
    check=check,
    explanation=__doc__,
)
