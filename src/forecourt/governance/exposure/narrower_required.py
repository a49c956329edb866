"""Callers see an operation that requires what they do not see.

Why it matters
    An operation, its parameters and the properties of its body are each for an audience. Where the
    operation is for a wider one than something that it requires, its callers are told to send what
    is hidden from them: they cannot know it, and would be refused for sending it. A property with a
    `default`, or one that is `readOnly`, need not be sent; one of an answer is not required of
    callers, and is merely absent.

Bad
    # apis/refunds/v1.openapi.yaml
    openapi: 3.1.0
    info: {title: Refunds, version: "1"}
    paths:
      /refunds:
        post:
          requestBody:
            content:
              application/json:
                schema:
                  type: object
                  required: [amount, approver]
                  properties:
                    amount: {type: integer}
                    approver: {type: string, x-audience: internal}
          responses: {"201": {description: done}}

Good
    # apis/refunds/v1.openapi.yaml
    openapi: 3.1.0
    info: {title: Refunds, version: "1"}
    paths:
      /refunds:
        post:
          requestBody:
            content:
              application/json:
                schema:
                  type: object
                  required: [amount]
                  properties:
                    amount: {type: integer}
                    approver: {type: string, x-audience: internal}
          responses: {"201": {description: done}}

When to waive
    Never: nobody outside could call the operation.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.exposure.contradicting import contradicting
from forecourt.governance.rule import Finding, Rule, Subject

_WAY_OUT = "let it not be required, give it a `default`, or mark the operation as narrow as it"


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each thing that an operation requires and some of its callers do not see."""
    return contradicting(subject, "requires", _WAY_OUT)


RULE = Rule(
    code="FC211",
    name="narrower-required",
    summary="an operation requires what some of its callers do not see",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
