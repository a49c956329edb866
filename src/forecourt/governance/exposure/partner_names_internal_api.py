"""A partner's contract names an internal API.

Why it matters
    An internal API does not exist on the external listener, so the contract promises something that
    cannot be called. Most often the API was meant to be a partner API, and nobody has yet asked
    what that takes.

Bad
    # apis/users/api.yaml
    audience: internal

    # partners/acme-corp.yaml
    apis: {users: {}}

Good
    # apis/users/api.yaml
    audience: partner               # then `forecourt check` lists what a partner API needs

    # partners/acme-corp.yaml
    apis: {users: {}}

When to waive
    Never: a waiver does not put the API onto the listener that partners call.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each internal API in a contract."""
    for partner in subject.estate.partners.values():
        for name in partner.apis:
            api = subject.estate.apis.get(name)
            if api is not None and not api.audience.is_external:
                yield Finding(
                    message=f"`{name}` is internal, so `{partner.name}` can never reach it",
                    span=partner.places[f"apis.{name}"],
                    help=f"remove `{name}` from the contract, or declare `audience: partner` in "
                    f"`{api.places.origin.path}`",
                )


RULE = Rule(
    code="FC206",
    name="partner-names-internal-api",
    summary="a partner's contract names an internal API",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
