"""Which certificates an edge needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from forecourt.edge.authority import KeyPair
from forecourt.edge.material import Authority, Material, Shown
from forecourt.estate.organization import CertificateFiles
from forecourt.server.materials import material_of
from tests.compiler.builders import an_edge
from tests.governance.builders import (
    a_partner,
    a_service,
    an_external_listener,
    an_internal_listener,
    an_organization,
    some_certificates,
)

ROOT = Path("/estate")
OWN = CertificateFiles(certificate="certs/api.pem", key="certs/api.key")


def needed(*parts: Any, local: bool = False) -> Material:
    return material_of(an_edge(*parts, local=local), ROOT)


def with_own_files() -> Any:
    return an_organization(
        external=an_external_listener(tls=OWN),
        internal=an_internal_listener(tls=OWN, client_ca="certs/mesh.pem"),
    )


def test_a_local_authority_signs_what_the_estate_does_not_bring() -> None:
    material = needed()
    assert material.shown == (
        Shown(name="external", hosts=("api.acme.example",)),
        Shown(name="internal", hosts=("127.0.0.1", "localhost")),
    )
    assert material.mesh_authority is None


def test_the_estates_own_files_lie_below_its_root() -> None:
    material = needed(with_own_files())
    pair = KeyPair(certificate=ROOT / "certs/api.pem", key=ROOT / "certs/api.key")
    assert [shown.own for shown in material.shown] == [pair, pair]
    assert material.mesh_authority == Authority(path=ROOT / "certs/mesh.pem")


def test_locally_the_estates_own_files_are_not_asked_for() -> None:
    material = needed(with_own_files(), local=True)
    assert [shown.own for shown in material.shown] == [None, None]
    assert material.mesh_authority is None
    assert "localhost" in material.shown[0].hosts


def test_services_have_certificates_to_try() -> None:
    material = needed(a_service("orders"), a_service("billing"))
    assert material.identities == {
        "billing": "spiffe://acme.example/ns/shop/sa/billing",
        "orders": "spiffe://acme.example/ns/shop/sa/orders",
    }


def test_a_partner_that_brings_certificates_has_a_host_that_is_shown() -> None:
    material = needed(
        a_partner("zenith", certificates=some_certificates("partners/zenith.pem")),
        a_partner("acme-corp", certificates=some_certificates(None, "a" * 64)),
        a_partner("other"),
    )
    assert material.shown[0].hosts == (
        "api.acme.example",
        "acme-corp.api.acme.example",
        "zenith.api.acme.example",
    )
    assert material.partner_authorities == {"zenith": Authority(path=ROOT / "partners/zenith.pem")}
