"""A partner's contract names a version that its API does not have.

Why it matters
    A partner who may use version 3 of an API with versions 1 and 2 may use nothing, and nobody
    notices until it tries.

Bad
    # apis/payments/api.yaml
    versions:
      "1": {contract: v1.openapi.yaml}
      "2": {contract: v2.openapi.yaml}

    # partners/acme-corp.yaml
    apis: {payments: {allowed_versions: ["3"]}}

Good
    # partners/acme-corp.yaml
    apis: {payments: {allowed_versions: ["1", "2"]}}

When to waive
    Never: declare the version, or name one that exists.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity, Span
from forecourt.estate.api import Api
from forecourt.governance.nearest import did_you_mean
from forecourt.governance.references.granted import granted_versions
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each version that a contract names and its API does not have."""
    estate, unreadable = subject.estate, subject.facts.unreadable
    for partner in estate.partners.values():
        for name, version, span in granted_versions(partner):
            api = estate.apis.get(name)
            if api is not None and api.places.origin.path not in unreadable:
                yield from _missing(api, version, span)


def _missing(api: Api, version: str, span: Span) -> Iterator[Finding]:
    known = [v.name for v in api.versions if v.name]
    if version in known:
        return
    if known:
        message = f"`{api.name}` has no version `{version}`"
        otherwise = f"name one of {', '.join(f'`{name}`' for name in known)}"
    else:
        message = f"`{version}` is named, but `{api.name}` declares no versions"
        otherwise = f"remove it, or declare `versions` in `{api.places.origin.path}`"
    yield Finding(message=message, span=span, help=did_you_mean(version, known, otherwise))


RULE = Rule(
    code="FC403",
    name="unknown-version",
    summary="a partner's contract names a version that its API does not have",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
