"""An operation or parameter for callers outside is deprecated, and no day is named.

Why it matters
    `Deprecation` and `Sunset` are dates (RFC 9745, RFC 8594): without a day in the contract an
    answer can say neither, and callers find out from the documentation, if they read it.

Bad
    # apis/refunds/v1.openapi.yaml
    openapi: 3.1.0
    info: {title: Refunds, version: "1"}
    paths:
      /refunds:
        get: {deprecated: true, responses: {"200": {description: all of them}}}

Good
    # apis/refunds/v1.openapi.yaml
    openapi: 3.1.0
    info: {title: Refunds, version: "1"}
    paths:
      /refunds:
        get:
          deprecated: true
          x-deprecated-since: 2029-01-01
          x-sunset: 2030-01-01
          responses: {"200": {description: all of them}}

When to waive
    When it stays for good, and is only advised against.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.estate.posture import posture_of
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each mark of a deprecation without a day, where an end takes time."""
    for api in subject.estate.apis.values():
        if not posture_of(api, api.audience).deprecation:
            continue
        for version in api.versions:
            facts = subject.facts.contracts.get(version.document or "")
            for span in facts.undated if facts is not None else ():
                yield Finding(
                    message="this is deprecated, and no day says since when, or until when",
                    span=span,
                    help="add `x-deprecated-since` and `x-sunset` beside it",
                    api=api.name,
                    version=version.name,
                )


RULE = Rule(
    code="FC310",
    name="deprecation-without-day",
    summary="an operation or parameter for callers outside is deprecated, and no day is named",
    severity=Severity.WARNING,
    since="0.1",
    waivable=True,
    check=check,
    explanation=__doc__,
)
