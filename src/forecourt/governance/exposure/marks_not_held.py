"""A contract marks elements for narrower audiences, and nothing holds its callers to it.

Why it matters
    What is marked is kept from callers where requests are held to the contract and answers are
    filtered by it. Callers whose requests or answers are only observed, or not looked at, reach and
    are sent all of it, whatever is marked.

Bad
    # apis/refunds/api.yaml
    posture: {response_check: observe}

    # apis/refunds/v1.openapi.yaml
    openapi: 3.1.0
    info: {title: Refunds, version: "1"}
    paths:
      /refunds:
        get: {responses: {"200": {description: all of them}}}
        post: {x-audience: internal, responses: {"201": {description: done}}}

Good
    # apis/refunds/api.yaml
    posture: {response_check: filter}

    # apis/refunds/v1.openapi.yaml
    openapi: 3.1.0
    info: {title: Refunds, version: "1"}
    paths:
      /refunds:
        get: {responses: {"200": {description: all of them}}}
        post: {x-audience: internal, responses: {"201": {description: done}}}

When to waive
    Never: a mark that nobody keeps is believed. Take the marks away while you observe.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.estate.api import Api
from forecourt.estate.audience import Audience, sees
from forecourt.estate.posture import posture_of
from forecourt.governance.rule import Facts, Finding, Rule, Subject

# What each must be for marks to count.
_HELD = {"request_check": "enforce", "response_check": "filter"}


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each dimension by which callers see what is marked for others."""
    for api in subject.estate.apis.values():
        hidden = _hidden_from(api, subject.facts)
        for dimension, held in _HELD.items():
            for audience in hidden:
                value = getattr(posture_of(api, audience), dimension)
                if value != held:
                    yield Finding(
                        message=f"`{dimension}` is `{value}` for {audience.value} callers, from "
                        f"whom the contract hides what it marks, and so nothing is hidden",
                        span=api.places[f"posture.{dimension}"],
                        help=f"let it be `{held}`, or take the marks away",
                        api=api.name,
                        dimension=dimension,
                    )
                    break


def _hidden_from(api: Api, facts: Facts) -> tuple[Audience, ...]:
    """The audiences of an API that do not see all of its contracts, the widest first."""
    contracts = (facts.contracts.get(version.document or "") for version in api.versions)
    marks = [mark for contract in contracts if contract is not None for mark in contract.marks]
    return tuple(
        audience
        for audience in sorted(Audience, reverse=True)
        if sees(audience, api.audience) and any(m.audience < audience for m in marks)
    )


RULE = Rule(
    code="FC214",
    name="marks-not-held",
    summary="elements are marked for narrower audiences, and nothing holds callers to it",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
