"""A partner's contract names an API that does not exist.

Why it matters
    What was signed cannot be called, and nobody notices until the partner tries.

Bad
    # partners/acme-corp.yaml
    apis: {payment: {}}                   # the folder is apis/payments

Good
    # partners/acme-corp.yaml
    apis: {payments: {}}

When to waive
    Never: a waiver makes no API.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.nearest import did_you_mean
from forecourt.governance.references.granted import granted
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each API that a contract names and nobody declares."""
    apis = subject.estate.apis
    for partner in subject.estate.partners.values():
        for name, span in granted(partner):
            if name not in apis and f"apis/{name}/api.yaml" not in subject.facts.unreadable:
                yield Finding(
                    message=f"no API is called `{name}`",
                    span=span,
                    help=did_you_mean(name, apis, "remove it, or declare it under `apis/`"),
                )


RULE = Rule(
    code="FC402",
    name="unknown-api",
    summary="a partner's contract names an API that does not exist",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
