"""Which certificates an edge needs."""

from __future__ import annotations

from pathlib import Path

from forecourt.compiler.ir.edge import Edge, Listener
from forecourt.edge.authority import KeyPair
from forecourt.edge.material import Authority, Material, Shown


def material_of(edge: Edge, root: Path) -> Material:
    """What the edge must be given. Files that the estate names lie below `root`."""
    gateway, partners = edge.gateway, edge.callers.partners
    own_hosts = tuple(sorted(partner.host for partner in partners if partner.host))
    return Material(
        shown=(
            _shown(gateway.external, own_hosts, root),
            _shown(gateway.internal, (), root),
        ),
        mesh_authority=_authority(gateway.client_ca, gateway.client_ca_sha256, root),
        identities={service.name: service.identity for service in edge.callers.services},
        partner_authorities={
            p.name: found for p in partners if (found := _authority(p.ca, p.ca_sha256, root))
        },
    )


def _authority(file: str | None, sha256: str | None, root: Path) -> Authority | None:
    return None if file is None else Authority(path=root / file, sha256=sha256)


def _shown(listener: Listener, further: tuple[str, ...], root: Path) -> Shown:
    files = None
    if (own := listener.own) is not None:
        files = KeyPair(certificate=root / own.certificate, key=root / own.key)
    return Shown(name=listener.certificate, hosts=(*listener.hosts, *further), own=files)
