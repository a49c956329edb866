"""A public operation asks for no credential, and no waiver lets anybody call it.

Why it matters
    `security: []` says that anybody may call an operation, and so does an alternative that names
    no scheme. In many contracts that was never meant: a tool wrote it, or it was right behind a
    firewall. So nothing opens by it: whoever brings no credential is refused (401) until somebody
    takes the responsibility, by name and for a time. Where nothing says `security`, nobody thought
    of it, and it means nothing.

Bad
    # apis/refunds/v1.openapi.yaml
    openapi: 3.1.0
    info: {title: Refunds, version: "1"}
    paths:
      /refunds:
        get: {security: [], responses: {"200": {description: all of them}}}

Good
    # apis/refunds/v1.openapi.yaml
    openapi: 3.1.0
    info: {title: Refunds, version: "1"}
    paths:
      /refunds:
        get: {responses: {"200": {description: all of them}}}

When to waive
    When strangers are to call it: such a waiver is what opens it.

        # waivers/refunds-for-anybody.yaml
        rule: anonymous-operation
        api: refunds
        owner: payments
        because: what was refunded is published anyway
        approved_by: [api-review-board]
        expires: 2030-01-01

    It holds for all operations of the API that say so, or of one `version`. They wait for
    `forecourt open refunds --because "…"`, and so does what more there will be. Each address may
    send 60 requests a minute, or what the API's `posture: {anonymous_limit: ...}` says; the day on
    which the waiver ends closes them.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.estate.api import Api, Version
from forecourt.estate.audience import sees
from forecourt.estate.posture import WITHOUT_CREDENTIAL, posture_of
from forecourt.governance.rule import ContractFacts, Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each version that offers such operations to the public."""
    for api in subject.estate.apis.values():
        if not opens(api):
            continue
        for version in api.versions:
            facts = subject.facts.contracts.get(version.document or "")
            if facts is not None and facts.anonymous:
                yield _finding(api, version, facts)


def opens(api: Api) -> bool:
    """Whether a contract of the API could let anybody call something of it."""
    is_outside = posture_of(api, api.audience).listener == "internal+external"
    return is_outside and sees(WITHOUT_CREDENTIAL, api.audience)


def _finding(api: Api, version: Version, facts: ContractFacts) -> Finding:
    first, *others = facts.anonymous
    said = f"`{first}`" + (f" and {len(others)} more" if others else "")
    where = f"versions.{version.name}"
    of = f" of version `{version.name}`" if version.name else ""
    return Finding(
        message=f"{said}{of} ask{'' if others else 's'} for no credential; no waiver says that "
        "anybody may call without one, so nobody can",
        span=api.places[where if where in api.places else "audience"],
        help=f"take out what says so in the contract; or, if anybody is to call, write a waiver of "
        f"`{RULE.name}` for `{api.name}`",
        api=api.name,
        version=version.name,
    )


RULE = Rule(
    code="FC217",
    name="anonymous-operation",
    summary="a public operation asks for no credential, and no waiver lets anybody call it",
    severity=Severity.NOTE,
    since="0.1",
    waivable=True,
    check=check,
    explanation=__doc__,
)
