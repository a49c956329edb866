"""A service's identity belongs to another trust domain.

Why it matters
    The internal listener believes only certificates of its own trust domain (SPIFFE ID, section
    2.1). A service with an identity of another domain is declared, and never let in.

Bad
    # forecourt.yaml
    listeners: {internal: {trust_domain: acme.example}}

    # services.yaml
    services: {orders: {identity: spiffe://acme.test/ns/shop/sa/orders}}

Good
    # services.yaml
    services: {orders: {identity: spiffe://acme.example/ns/shop/sa/orders}}

When to waive
    Never: federation of trust domains is not supported.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity, Span
from forecourt.estate.model import Estate
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each service or mesh proxy of another trust domain."""
    organization = subject.estate.organization
    if organization is None:
        return
    domain = organization.internal.trust_domain
    for identity, span in _identities(subject.estate):
        if not identity.startswith(f"spiffe://{domain}/"):
            yield Finding(
                message=f"`{identity}` is not of the trust domain `{domain}`, so the internal "
                "listener would refuse it",
                span=span,
                help=f"begin it with `spiffe://{domain}/`, or correct `trust_domain` at "
                f"`{organization.places['listeners.internal.trust_domain']}`",
            )


def _identities(estate: Estate) -> Iterator[tuple[str, Span]]:
    for service in estate.services.values():
        yield service.identity, service.places["identity"]
    if estate.organization is not None:
        for proxy in estate.organization.internal.mesh_proxies:
            yield proxy, estate.organization.places["listeners.internal.mesh_proxies"]


RULE = Rule(
    code="FC408",
    name="identity-outside-trust-domain",
    summary="a service's identity belongs to another trust domain",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
