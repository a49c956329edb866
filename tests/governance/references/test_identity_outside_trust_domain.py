"""FC408."""

from __future__ import annotations

import pytest

from forecourt.governance.references.identity_outside_trust_domain import RULE
from tests.governance.builders import (
    a_service,
    an_estate,
    an_internal_listener,
    an_organization,
    findings,
    messages,
)


@pytest.mark.parametrize(
    "identity",
    ["spiffe://acme.test/sa/orders", "spiffe://acme.example.evil/sa/orders"],
)
def test_the_listener_would_refuse_another_domain(identity: str) -> None:
    service = a_service("orders", identity)
    (found,) = findings(RULE, an_estate(service))
    assert found.span == service.places["identity"]
    assert found.help.startswith("begin it with `spiffe://acme.example/`")


def test_mesh_proxies_belong_to_the_domain_too() -> None:
    listener = an_internal_listener(mesh_proxies=("spiffe://other.example/sa/ingress",))
    organization = an_organization(internal=listener)
    (found,) = findings(RULE, an_estate(organization))
    assert found.span == organization.places["listeners.internal.mesh_proxies"]


def test_an_identity_of_the_domain_passes() -> None:
    assert messages(RULE, an_estate(a_service())) == []
    assert messages(RULE, an_estate(a_service(), organization=None)) == []
