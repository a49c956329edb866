"""An issuer's applications are on a plan that `plans.yaml` does not describe.

Why it matters
    Whoever comes with a token of that issuer is held to the standard limit, not to the one that was
    meant for it.

Bad
    # plans.yaml
    plans: {apps: {rate_limit: {requests_per_minute: 6000, per_user: {requests_per_minute: 60}}}}

    # forecourt.yaml
    identity:
      issuers:
        - {name: acme-id, issuer: https://id.acme.example/, jwks: https://id.acme.example/jwks.json,
           token_audience: https://api.acme.example, callers: public, plan: app}

Good
    # plans.yaml
    plans: {apps: {rate_limit: {requests_per_minute: 6000, per_user: {requests_per_minute: 60}}}}

    # forecourt.yaml
    identity:
      issuers:
        - {name: acme-id, issuer: https://id.acme.example/, jwks: https://id.acme.example/jwks.json,
           token_audience: https://api.acme.example, callers: public, plan: apps}

When to waive
    Never: describe the plan in `plans.yaml`, or leave `plan` out.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.estate.posture import POSTURES
from forecourt.governance.nearest import did_you_mean
from forecourt.governance.rule import Finding, Rule, Subject

_FILE = "plans.yaml"


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each plan of an issuer that is not described, or that nobody can be on."""
    organization, plans = subject.estate.organization, subject.estate.plans
    if _FILE in subject.facts.unreadable or organization is None:
        return
    for i, issuer in enumerate(organization.issuers):
        if issuer.plan is None:
            continue
        span = organization.places[f"identity.issuers.{i}.plan"]
        if POSTURES[issuer.callers].authorization != "scope":
            yield Finding(
                message=f"`{issuer.name}` signs for {issuer.callers.value} callers, who are on no "
                "plan: their contracts say what they may use",
                span=span,
                help="remove `plan`",
            )
        elif issuer.plan not in plans:
            yield Finding(
                message=f"no plan is called `{issuer.plan}`",
                span=span,
                help=did_you_mean(issuer.plan, plans, f"describe it in `{_FILE}`, or remove it"),
            )


RULE = Rule(
    code="FC416",
    name="unknown-plan",
    summary="an issuer's applications are on a plan that `plans.yaml` does not describe",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
