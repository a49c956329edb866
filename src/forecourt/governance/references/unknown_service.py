"""An API allows a service that is not declared.

Why it matters
    A misspelt name allows nobody, and the service that was meant is turned away. Worse, should a
    service of that name ever be declared, it would be allowed without anybody deciding so.

Bad
    # services.yaml
    services: {orders: {identity: spiffe://acme.example/ns/shop/sa/orders}}

    # apis/users/api.yaml
    allow: [oders]

Good
    # apis/users/api.yaml
    allow: [orders]

When to waive
    Never: declare the service in `services.yaml`, or take it off the list.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.nearest import did_you_mean
from forecourt.governance.rule import Finding, Rule, Subject

_FILE = "services.yaml"


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each name in `allow` that no service has."""
    if _FILE in subject.facts.unreadable:
        return
    services = subject.estate.services
    for api in subject.estate.apis.values():
        for i, name in enumerate(api.allow or ()):
            if name not in services:
                yield Finding(
                    message=f"no service is called `{name}`",
                    span=api.places[f"allow.{i}"],
                    help=did_you_mean(name, services, f"declare it in `{_FILE}`, or remove it"),
                    api=api.name,
                )


RULE = Rule(
    code="FC401",
    name="unknown-service",
    summary="an API allows a service that is not declared",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
