"""A tier is promised that `sla.yaml` does not describe.

Why it matters
    A promise without content is either worth nothing to the caller, or worth whatever a court says.

Bad
    # sla.yaml
    tiers: {standard: {availability: 99.5%}, premium: {availability: 99.9%}}

    # partners/acme-corp.yaml
    sla_tier: gold

Good
    # partners/acme-corp.yaml
    sla_tier: premium

When to waive
    Never: describe the tier in `sla.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity, Span
from forecourt.governance.nearest import did_you_mean
from forecourt.governance.rule import Finding, Rule, Subject

_FILE = "sla.yaml"


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each tier of an API or a partner that is not described."""
    if _FILE in subject.facts.unreadable:
        return
    tiers = subject.estate.tiers
    for name, span, api in _named(subject):
        if name not in tiers:
            yield Finding(
                message=f"no tier is called `{name}`",
                span=span,
                help=did_you_mean(name, tiers, f"describe it in `{_FILE}`, or remove it"),
                api=api,
            )


def _named(subject: Subject) -> Iterator[tuple[str, Span, str | None]]:
    """Each tier that is named, where, and for which API."""
    for api in subject.estate.apis.values():
        for i, tier in enumerate(api.sla_tiers):
            yield tier, api.places[f"sla.tiers.{i}"], api.name
    for partner in subject.estate.partners.values():
        if partner.sla_tier is not None:
            yield partner.sla_tier, partner.places["sla_tier"], None


RULE = Rule(
    code="FC405",
    name="unknown-sla-tier",
    summary="a tier is promised that `sla.yaml` does not describe",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
