"""A compiled snapshot, taken apart: listeners, chains, routes, policies, clusters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from forecourt.compiler.envoy import files
from forecourt.compiler.envoy.gate import LUA_FILTER
from forecourt.compiler.ir.edge import Edge, PublicKeys
from forecourt.compiler.snapshot import Snapshot, snapshot
from tests.compiler.builders import prefixes

# The public half of the example key of RFC 7515, appendix A.3: compiled configuration needs one.
JWKS = msgspec.json.encode(
    {
        "keys": [
            {
                "kty": "EC",
                "crv": "P-256",
                "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
            }
        ]
    }
).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One filter chain: its listener, the host it demands, its gate and what it verifies."""

    listener: str
    server_name: str | None
    gate: str
    issuers: tuple[str, ...]


def compiled(edge: Edge) -> Snapshot:
    """The snapshot of an edge, with keys for every issuer."""
    keys = PublicKeys(internal=JWKS, issuers={i.name: JWKS for i in edge.callers.issuers})
    return snapshot(edge, keys, lua_digest="0" * 16)


def resources(made: Snapshot, name: str) -> list[dict[str, Any]]:
    """What one file of a snapshot holds."""
    found: list[dict[str, Any]] = msgspec.json.decode(made.files[name])["resources"]
    return found


def route_text(made: Snapshot, listener: str) -> str:
    """The routes of a listener, as text."""
    return made.files[files.routes(listener)].decode()


def listener_text(made: Snapshot, name: str) -> str:
    """A listener, as text."""
    (found,) = (x for x in resources(made, files.LISTENERS) if x["name"] == name)
    return msgspec.json.encode(found).decode()


def routes(made: Snapshot, listener: str) -> dict[str, dict[str, Any]]:
    """The routes of a listener by path prefix."""
    (configuration,) = resources(made, files.routes(listener))
    (host,) = configuration["virtual_hosts"]
    by_prefix = prefixes(host["matcher"])
    return {prefix: _route(action) for prefix, action in by_prefix.items()}


def _route(action: Mapping[str, Any]) -> dict[str, Any]:
    route: dict[str, Any] = action["action"]["typed_config"]
    return route


def policy(route: Mapping[str, Any]) -> dict[str, Any]:
    """What the gate is told of a route."""
    found: dict[str, Any] = route["metadata"]["filter_metadata"][LUA_FILTER]["policy"]
    return found


def route_clusters(route: Mapping[str, Any]) -> frozenset[str]:
    """Every cluster that the route can lead to."""
    target = route["route"]
    if "cluster" in target:
        return frozenset((target["cluster"],))
    return frozenset(version["upstream"] for version in policy(route)["versions"])


def served_by(prefix_by: Mapping[str, dict[str, Any]], path: str) -> dict[str, Any] | None:
    """The route of a path: the longest prefix wins, as in Envoy's matcher tree."""
    fitting = [prefix for prefix in prefix_by if path.startswith(prefix)]
    return prefix_by[max(fitting, key=len)] if fitting else None


def chains(made: Snapshot) -> Iterator[Chain]:
    """Every filter chain of both listeners."""
    for listener in resources(made, files.LISTENERS):
        for chain in listener["filter_chains"]:
            (network,) = chain["filters"]
            manager = network["typed_config"]
            filters = {f["name"]: f["typed_config"] for f in manager["http_filters"]}
            tokens = filters.get("envoy.filters.http.jwt_authn", {"providers": {}})
            names = chain.get("filter_chain_match", {}).get("server_names", [None])
            yield Chain(
                listener=manager["rds"]["route_config_name"],
                server_name=names[0],
                gate=filters[LUA_FILTER]["default_source_code"]["inline_string"],
                issuers=tuple(tokens["providers"]),
            )
