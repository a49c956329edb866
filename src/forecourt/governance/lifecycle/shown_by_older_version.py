"""An older version shows what the newer one keeps for a narrower audience.

Why it matters
    What callers of an older version see is what its own contract says. A mark that stands in the
    newer contract alone hides nothing from them: who is not meant to see it any more asks for the
    older version, as long as that is served.

Bad
    # apis/payments/v2.overlay.yaml
    overlay: 1.0.0
    info: {title: Who sees what of payments, version: "2"}
    actions:
      - target: $.components.schemas.Payment.properties.description
        update: {x-audience: partner}

Good
    # apis/payments/v2.overlay.yaml
    overlay: 1.0.0
    info: {title: Who sees what of payments, version: "2"}
    actions:
      - target: $.components.schemas.Payment.properties.description
        update: {x-audience: partner}

    # apis/payments/v1.overlay.yaml
    overlay: 1.0.0
    info: {title: Who sees what of payments, version: "1"}
    actions:
      - target: $.components.schemas.Payment.properties.description
        update: {x-audience: partner}

    # apis/payments/api.yaml
    versions:
      "1":
        overlays: [v1.overlay.yaml]

When to waive
    When callers of the older version may go on seeing it until that ends: they were promised it.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each part that is marked in the newer contract alone."""
    for each in subject.facts.uncovered:
        if not each.breaks:
            yield Finding(
                message=f"version `{each.older}` shows what version `{each.newer}` hides: "
                f"{each.where}: {each.message}",
                span=each.span,
                help=f"mark it in the contract of version `{each.older}` too, with an overlay",
                api=each.api,
                version=each.older,
            )


RULE = Rule(
    code="FC317",
    name="shown-by-older-version",
    summary="an older version shows what the newer one keeps for a narrower audience",
    severity=Severity.WARNING,
    since="0.1",
    waivable=True,
    check=check,
    explanation=__doc__,
)
