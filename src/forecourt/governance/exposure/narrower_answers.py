"""Callers see an operation and none of its successes.

Why it matters
    An answer that is hidden from a caller is not declared to it, and what is not declared does not
    leave. An operation all of whose successes are for a narrower audience can only fail for the
    others: either it is not for them, or one of its answers is.

Bad
    # apis/refunds/v1.openapi.yaml
    openapi: 3.1.0
    info: {title: Refunds, version: "1"}
    paths:
      /refunds:
        get:
          responses:
            "200": {description: all of them, x-audience: internal}
            "404": {description: none}

Good
    # apis/refunds/v1.openapi.yaml
    openapi: 3.1.0
    info: {title: Refunds, version: "1"}
    paths:
      /refunds:
        get:
          x-audience: internal
          responses:
            "200": {description: all of them}
            "404": {description: none}

When to waive
    Never: the operation would answer nobody outside.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.exposure.contradicting import contradicting
from forecourt.governance.rule import Finding, Rule, Subject

_WAY_OUT = "mark the operation as narrow as its answers, or show them one"


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at the responses of each operation that can only fail for some who see it."""
    return contradicting(subject, "answers", _WAY_OUT)


RULE = Rule(
    code="FC212",
    name="narrower-answers",
    summary="an operation hides all of its successes from some of its callers",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
