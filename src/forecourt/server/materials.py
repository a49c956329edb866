"""Which certificates an estate asks for."""

from __future__ import annotations

from pathlib import Path

from forecourt.compiler.ir.edge import Listener
from forecourt.compiler.lowering.gateway import lower_gateway
from forecourt.edge.authority import KeyPair
from forecourt.edge.material import Material, Shown
from forecourt.estate.model import Estate
from forecourt.estate.organization import CertificateFiles


def material_of(estate: Estate, root: Path, *, local: bool) -> Material | None:
    """What the edge must be given; None where the organisation could not be read.

    Files that the estate names lie below `root`. `local`: a local authority signs everything.
    """
    organization = estate.organization
    if organization is None:
        return None
    gateway = lower_gateway(organization, local=local)
    first = gateway.external.hosts[0]
    partners = {n: p.certificates for n, p in estate.partners.items() if p.certificates}
    own_hosts = tuple(f"{name}.{first}" for name in sorted(partners))
    client_ca = None if local else organization.internal.client_ca
    return Material(
        shown=(
            _shown(gateway.external, own_hosts, organization.external.tls, root, local=local),
            _shown(gateway.internal, (), organization.internal.tls, root, local=local),
        ),
        mesh_authority=None if client_ca is None else root / client_ca,
        identities={s.name: s.identity for s in estate.services.values()},
        partner_authorities={n: root / c.ca for n, c in partners.items() if c.ca},
    )


def _shown(
    listener: Listener,
    further: tuple[str, ...],
    own: CertificateFiles | None,
    root: Path,
    *,
    local: bool,
) -> Shown:
    files = None
    if own is not None and not local:
        files = KeyPair(certificate=root / own.certificate, key=root / own.key)
    return Shown(name=listener.name, hosts=(*listener.hosts, *further), own=files)
