"""The compiled estate: a folder of files, named by the digest of its content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from forecourt.compiler.envoy import files
from forecourt.compiler.envoy.bootstrap import bootstrap
from forecourt.compiler.envoy.clusters import cluster_resources
from forecourt.compiler.envoy.listeners import listener_resources
from forecourt.compiler.envoy.own_routes import (
    internal_token_route,
    oauth_routes,
    own_clusters,
)
from forecourt.compiler.envoy.routes import route_resources
from forecourt.compiler.envoy.secrets import secret_resources
from forecourt.compiler.envoy.security_headers import security_headers
from forecourt.compiler.envoy.vantage import Vantage
from forecourt.compiler.ir.edge import Edge, PublicKeys
from forecourt.compiler.lowering.outside import seen_inside, seen_outside

_FORMAT = b"forecourt snapshot 1\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The files of a snapshot by name; equal estates give equal bytes.

    `contracts` are the digests of the compiled contracts that its routes name: they stand beside
    these files in a folder of their own.
    """

    digest: str
    files: Mapping[str, bytes]
    contracts: frozenset[str] = frozenset()


def snapshot(edge: Edge, keys: PublicKeys, *, lua_digest: str) -> Snapshot:
    """Spells the edge for Envoy."""
    gateway, partners = edge.gateway, edge.callers.partners
    outside = tuple(seen for api in edge.apis if (seen := seen_outside(api)) is not None)
    hosts = (*gateway.external.hosts, *(p.host for p in partners if p.host))
    external = Vantage(
        gateway=gateway,
        listener=gateway.external.name,
        is_mesh=False,
        partner_host=None,
        issuers=edge.callers.issuers,
        keys=keys,
        lua_digest=lua_digest,
    )
    internal = Vantage(
        gateway=gateway,
        listener=gateway.internal.name,
        is_mesh=True,
        partner_host=None,
        issuers=(),
        keys=keys,
        lua_digest=lua_digest,
    )
    content: dict[str, object] = {
        files.BOOTSTRAP: bootstrap(),
        files.LISTENERS: listener_resources(external, internal, partners),
        files.CLUSTERS: cluster_resources(edge.apis, own_clusters()),
        **secret_resources(gateway, partners),
        files.routes(external.listener): route_resources(
            external.listener,
            hosts,
            outside,
            always=security_headers(is_external=True),
            own=oauth_routes() if keys.own else (),
        ),
        files.routes(internal.listener): route_resources(
            internal.listener,
            gateway.internal.hosts,
            map(seen_inside, edge.apis),
            always=security_headers(is_external=False),
            own=(internal_token_route(),),
        ),
    }
    encoded = {name: _encoded(value) for name, value in sorted(content.items())}
    return Snapshot(digest=_digest(encoded), files=encoded, contracts=contracts_of(edge))


def contracts_of(edge: Edge) -> frozenset[str]:
    """The digests of the compiled contracts, and lenses, that an edge needs."""
    versions = [v for api in edge.apis for v in api.versions]
    references = [r for v in versions for r in (*v.contracts, v.anonymous) if r is not None]
    return frozenset(
        digest for r in references for digest in (r.way_in, r.way_out, r.exact) if digest
    ) | frozenset(name for v in versions if v.lens for name in (v.lens.digest, *v.lens.functions))


def _encoded(value: object) -> bytes:
    return msgspec.json.encode(value, order="sorted")


def _digest(content: Mapping[str, bytes]) -> str:
    total = sha256(_FORMAT)
    for name, data in content.items():
        total.update(f"{name} {len(data)} {sha256(data).hexdigest()}\n".encode())
    return total.hexdigest()
