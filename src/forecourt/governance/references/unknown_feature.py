"""A partner has a feature that is not declared.

Why it matters
    The upstream is told which features a caller has, by name. A misspelt one switches nothing on,
    and the partner lacks what it pays for.

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

from forecourt.diagnostics import Severity
from forecourt.governance.nearest import did_you_mean
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each feature of a partner that the organisation does not declare."""
    organization = subject.estate.organization
    if organization is None or organization.places.origin.path in subject.facts.unreadable:
        return
    for partner in subject.estate.partners.values():
        for i, feature in enumerate(partner.enabled_features):
            if feature not in organization.features:
                yield Finding(
                    message=f"no feature is called `{feature}`",
                    span=partner.places[f"enabled_features.{i}"],
                    help=did_you_mean(
                        feature,
                        organization.features,
                        "declare it under `features` in `forecourt.yaml`, or remove it",
                    ),
                )


RULE = Rule(
    code="FC404",
    name="unknown-feature",
    summary="a partner has a feature that is not declared",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
