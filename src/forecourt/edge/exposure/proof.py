"""Shows of each route outside that nothing narrower is behind it, or where it is."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forecourt.edge.exposure.configuration import (
    INTERNAL,
    Chain,
    Configuration,
    Json,
    Leaf,
    RouteTable,
    leaves,
)
from forecourt.edge.exposure.destinations import Destinations
from forecourt.edge.exposure.guarded import Guarded, Opening
from forecourt.edge.exposure.policies import POLICY_FILTER, policy_of, policy_openings

# What lets nobody through without a decision, in this order, the router last.
_GATE, _ADMISSION, _ROUTER = POLICY_FILTER, "envoy.filters.http.rbac", "envoy.filters.http.router"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was judged, and what is open. `narrower` are prefixes that stand inside only, each with
    its API; `outside` and `inside` those that stand there, with API and version."""

    chains: int
    routes: int
    openings: tuple[Opening, ...]
    narrower: tuple[tuple[str, str], ...]
    outside: tuple[tuple[str, str, str], ...]
    inside: tuple[tuple[str, str, str], ...]


def prove(
    files: Mapping[str, bytes],
    apis: Collection[Guarded],
    *,
    never: Collection[str] = (),
    contracts: Mapping[str, bytes] | None = None,
) -> Proof:
    """Judges a snapshot. A listener is the internal one if it is called so; every other is outside.

    `never` are names that nothing outside may say, of hosts and identities inside; `contracts` are
    what the edge loads, by digest (those that are not there are not judged).
    """
    configuration = Configuration(files)
    declared = {api.name: api for api in apis}
    openings: list[Opening] = []
    inside, outside = _tables(configuration, openings)
    narrower = tuple(sorted(_narrower(inside, declared)))
    destinations = Destinations(configuration.clusters(), declared, narrower)
    judged = 0
    for table in outside:
        openings += _named(table.place, table.content, never)
        policies = dict(_policies(table))
        for leaf in leaves(table):
            judged += 1
            openings += destinations.openings(leaf, hosts=_hosts(table), policies=policies)
            openings += _switched_off(leaf)
            openings += policy_openings(leaf, declared, contracts or {})
    chains = [c for c in configuration.chains() if c.listener != INTERNAL]
    for chain in chains:
        openings += _chain_openings(chain, never)
    unique = tuple(dict.fromkeys(openings))
    return Proof(
        chains=len(chains),
        routes=judged,
        openings=unique,
        narrower=narrower,
        outside=tuple(sorted(set(_standing(outside)))),
        inside=tuple(sorted(set(_standing(inside)))),
    )


def _tables(
    configuration: Configuration, openings: list[Opening]
) -> tuple[list[RouteTable], list[RouteTable]]:
    """Route tables of the internal listener, and of the others; the same one once."""
    inside: dict[str, RouteTable] = {}
    outside: dict[str, RouteTable] = {}
    for chain in configuration.chains():
        if not chain.reads_http:
            continue
        table = configuration.table(chain)
        if table is not None:
            key = json.dumps(table.content, sort_keys=True)
            (inside if chain.listener == INTERNAL else outside)[key] = table
        elif chain.listener != INTERNAL:
            because = "its routes are not in the snapshot, so nobody can say where they lead"
            openings.append(Opening(place=chain.place, because=because))
    return list(inside.values()), list(outside.values())


def _narrower(
    tables: Collection[RouteTable], declared: Mapping[str, Guarded]
) -> Iterator[tuple[str, str]]:
    """Where APIs stand inside that nobody outside may know of: prefix and name."""
    for table in tables:
        for leaf in leaves(table):
            told = policy_of(leaf.route)
            name = str(told.get("api", ""))
            prefix = str((leaf.route.get("match") or {}).get("prefix", "/"))
            if name and prefix != "/" and (name not in declared or not declared[name].is_outside):
                yield prefix, name


def _standing(tables: Collection[RouteTable]) -> Iterator[tuple[str, str, str]]:
    for table in tables:
        for leaf in leaves(table):
            told = policy_of(leaf.route)
            prefix = str((leaf.route.get("match") or {}).get("prefix", "/"))
            for version in told.get("versions", ()):
                yield prefix, str(told.get("api")), str(version.get("name"))


def _policies(table: RouteTable) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for leaf in leaves(table):
        if told := policy_of(leaf.route):
            yield str((leaf.route.get("match") or {}).get("prefix")), told


def _hosts(table: RouteTable) -> frozenset[str]:
    hosts = table.content.get("virtual_hosts", ())
    return frozenset(str(d).partition(":")[0] for host in hosts for d in host.get("domains", ()))


def _switched_off(leaf: Leaf) -> Iterator[Opening]:
    """Filters that a route does without."""
    for name, own in (leaf.route.get("typed_per_filter_config") or {}).items():
        if name in {_GATE, _ADMISSION} and own.get("disabled"):
            yield Opening(place=leaf.place, because=f"`{name}` is switched off for it")


def _chain_openings(chain: Chain, never: Collection[str]) -> Iterator[Opening]:
    if not chain.reads_http:
        kind = chain.type.rpartition(".")[2]
        because = f"it leads on without reading HTTP ({kind}), past every route and decision"
        yield Opening(place=chain.place, because=because)
        return
    filters = [
        str(f.get("name")) for f in chain.filter.get("http_filters", ()) if not f.get("disabled")
    ]
    wanted = [name for name in filters if name in {_GATE, _ADMISSION, _ROUTER}]
    if wanted != [_GATE, _ADMISSION, _ROUTER]:
        because = "requests reach the router without gate and admission before it, in this order"
        yield Opening(place=chain.place, because=because)
    pages: Json = {"pages": chain.filter.get("local_reply_config") or {}}
    yield from _named(f"{chain.place}, error pages", pages, never)
    yield from _named(chain.place, chain.filter, never)


def _named(place: str, content: Json, never: Collection[str]) -> Iterator[Opening]:
    """Names that stand in a text and must not."""
    text = json.dumps(content)
    for name in sorted(never):
        if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text):
            yield Opening(place=place, because=f"it names `{name}`, which is known inside only")
