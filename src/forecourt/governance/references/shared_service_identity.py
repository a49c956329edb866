"""Two services have one identity.

Why it matters
    A service is known by its identity and by nothing else. With one identity they would have one
    allow list, one rate limit and one name in the log, and whichever comes first would be blamed
    for both.

Bad
    # services.yaml
    services:
      orders:  {identity: spiffe://acme.example/ns/shop/sa/orders}
      billing: {identity: spiffe://acme.example/ns/shop/sa/orders}

Good
    # services.yaml
    services:
      orders:  {identity: spiffe://acme.example/ns/shop/sa/orders}
      billing: {identity: spiffe://acme.example/ns/finance/sa/billing}

When to waive
    Never: workloads that share an identity are one service; declare it once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each identity that more than one service has."""
    services = subject.estate.services
    bearers: dict[str, list[str]] = defaultdict(list)
    for service in services.values():
        bearers[service.identity].append(service.name)
    for identity, names in bearers.items():
        for name in names if len(names) > 1 else ():
            others = " and ".join(f"`{other}`" for other in names if other != name)
            yield Finding(
                message=f"`{name}` has the identity of {others}: `{identity}`",
                span=services[name].places["identity"],
                help="give each its own identity, or declare them as one service",
            )


RULE = Rule(
    code="FC407",
    name="shared-service-identity",
    summary="two services have one identity",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
