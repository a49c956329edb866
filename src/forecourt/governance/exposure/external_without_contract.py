"""An API for callers outside the organisation has no contract.

Why it matters
    Callers outside cannot ask across the corridor: the contract is all they have. It is also what
    says which operations exist, what may enter and what may leave; without one the edge could only
    let everything through.

Bad
    # apis/invoices/api.yaml
    name: invoices
    audience: public
    owner: {team: finance}
    upstream: {url: http://invoices.finance.svc:8080}
    sla: {tiers: [standard]}

Good
    # apis/invoices/api.yaml
    name: invoices
    audience: public
    owner: {team: finance}
    upstream: {url: http://invoices.finance.svc:8080}
    sla: {tiers: [standard]}
    versions:
      "1": {contract: v1.openapi.yaml}

When to waive
    Never: a waiver describes no operation. Keep the API internal until it has a contract.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.estate.api import Api, Version
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each external API, or version of one, that no contract describes."""
    for api in subject.estate.apis.values():
        for version in api.versions if api.audience.is_external else ():
            if version.contract is None:
                yield _without(api, version)


def _without(api: Api, version: Version) -> Finding:
    audience = api.audience.value
    if version.name:
        message = f"version `{version.name}` of a {audience} API has no contract"
        span = api.places[f"versions.{version.name}"]
        way_out = "add `contract:` with the path of its OpenAPI document"
    else:
        message = f"`{api.name}` is {audience}, but no contract says what it offers"
        span = api.places["audience"]
        way_out = (
            'put its OpenAPI document beside this file and declare it: `versions: {"1": '
            "{contract: v1.openapi.yaml}}`; or keep `audience: internal`"
        )
    return Finding(message=message, span=span, help=way_out, api=api.name, version=version.name)


RULE = Rule(
    code="FC204",
    name="external-without-contract",
    summary="an API for callers outside has no contract",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
