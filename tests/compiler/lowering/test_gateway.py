"""The two listeners, and whom they trust."""

from __future__ import annotations

from forecourt.compiler.lowering.gateway import lower_gateway
from forecourt.estate.organization import Address
from tests.governance.builders import (
    an_external_listener,
    an_internal_listener,
    an_organization,
)


def test_listens_where_the_organisation_says() -> None:
    gateway = lower_gateway(an_organization(), local=False)
    assert (gateway.external.host, gateway.external.port) == ("0.0.0.0", 8443)
    assert (gateway.internal.host, gateway.internal.port) == ("127.0.0.1", 9443)
    assert (gateway.external.name, gateway.internal.name) == ("external", "internal")
    assert gateway.trust_domain == "acme.example"


def test_answers_for_the_declared_hosts_only() -> None:
    hosts = ("api.acme.example", "api2.acme.example")
    gateway = lower_gateway(
        an_organization(external=an_external_listener(hosts=hosts)), local=False
    )
    assert gateway.external.hosts == hosts


def test_locally_binds_loopback_and_answers_to_localhost_as_well() -> None:
    anywhere = Address(host="0.0.0.0", port=9443)
    organization = an_organization(internal=an_internal_listener(address=anywhere))
    gateway = lower_gateway(organization, local=True)
    assert gateway.external.host == gateway.internal.host == "127.0.0.1"
    assert gateway.external.hosts == ("api.acme.example", "localhost", "127.0.0.1")
    assert "localhost" in gateway.internal.hosts


def test_names_no_host_twice() -> None:
    organization = an_organization(external=an_external_listener(hosts=("localhost",)))
    assert lower_gateway(organization, local=True).external.hosts == ("localhost", "127.0.0.1")


def test_the_internal_listener_answers_for_its_address_where_no_host_is_named() -> None:
    gateway = lower_gateway(an_organization(), local=False)
    assert gateway.internal.hosts == ("127.0.0.1", "localhost")
    named = an_organization(internal=an_internal_listener(hosts=("mesh.acme.example",)))
    assert lower_gateway(named, local=False).internal.hosts[0] == "mesh.acme.example"


def test_proxies_stand_in_one_order() -> None:
    internal = an_internal_listener(mesh_proxies=("spiffe://b", "spiffe://a"))
    gateway = lower_gateway(an_organization(internal=internal), local=False)
    assert gateway.mesh_proxies == ("spiffe://a", "spiffe://b")
