"""A contract marks elements for narrower audiences, which the edge does not hold yet.

Why it matters
    `x-audience` on an operation or a property says that some callers must not see it. This release
    serves each API whole to everybody who may call it. A mark that is ignored would expose exactly
    what it was meant to hide, so it is refused instead.

Bad
    # apis/payments/v2.openapi.yaml
    paths:
      /audit:                       # of a public API
        x-audience: internal
        get: {responses: {"200": {description: who paid what}}}

Good
    # apis/payments-audit/api.yaml
    name: payments-audit            # an API of its own
    audience: internal
    owner: {team: payments}
    upstream: {url: http://payments-audit.shop.svc:8080}

When to waive
    Never: what is narrower than its API belongs into an API of its own until the edge enforces it.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.estate.api import Api
from forecourt.governance.rule import Facts, Finding, Rule, Subject

_WAY_OUT = "move what is narrower into an API of its own, with its own contract and `audience`"


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each mark in a contract, and at each overlay."""
    for api in subject.estate.apis.values():
        yield from _overlays(api)
        yield from _marks(api, subject.facts)


def _overlays(api: Api) -> Iterator[Finding]:
    if api.overlays:
        yield Finding(
            message="`overlays` mark elements for narrower audiences, which the edge does not "
            "enforce yet",
            span=api.places["overlays"],
            help=f"remove `overlays`, and {_WAY_OUT}",
            api=api.name,
        )


def _marks(api: Api, facts: Facts) -> Iterator[Finding]:
    for version in api.versions:
        contract = facts.contracts.get(version.contract or "")
        for mark in contract.audience_marks if contract is not None else ():
            yield Finding(
                message="an audience is marked here that the edge does not enforce yet: everybody "
                f"who may call `{api.name}` would see this element",
                span=mark,
                help=_WAY_OUT,
                api=api.name,
                version=version.name,
            )


RULE = Rule(
    code="FC203",
    name="projection-not-enforced",
    summary="a contract marks elements for narrower audiences, which nothing enforces yet",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
