"""A feature is named that is not declared.

Why it matters
    The upstream is told which features a caller has, by name. A misspelt one switches nothing on,
    and the partner lacks what it pays for; nobody reaches a preview whose feature nobody has.

Bad
    # forecourt.yaml
    features: {bulk-operations: enterprise}

    # partners/acme-corp.yaml
    enabled_features: [bulk-operation]

Good
    # partners/acme-corp.yaml
    enabled_features: [bulk-operations]

When to waive
    Never: declare the feature in `forecourt.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity, Span
from forecourt.estate.consumers import Partner, Service
from forecourt.estate.model import Estate
from forecourt.governance.nearest import did_you_mean
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each feature that the organisation does not declare: of callers, of versions."""
    organization = subject.estate.organization
    if organization is None or organization.places.origin.path in subject.facts.unreadable:
        return
    for feature, span, api in _named(subject.estate):
        if feature not in organization.features:
            yield Finding(
                message=f"no feature is called `{feature}`",
                span=span,
                help=did_you_mean(
                    feature,
                    organization.features,
                    "declare it under `features` in `forecourt.yaml`, or remove it",
                ),
                api=api,
            )


def _named(estate: Estate) -> Iterator[tuple[str, Span, str | None]]:
    callers: tuple[Partner | Service, ...] = (
        *estate.partners.values(),
        *estate.services.values(),
    )
    for caller in callers:
        for i, feature in enumerate(caller.enabled_features):
            yield feature, caller.places[f"enabled_features.{i}"], None
    for api in estate.apis.values():
        for version in api.versions:
            if version.feature is not None:
                yield version.feature, api.places[f"versions.{version.name}.feature"], api.name


RULE = Rule(
    code="FC404",
    name="unknown-feature",
    summary="a feature is named that is not declared",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
