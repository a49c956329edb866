"""Shows of each route outside that nothing narrower is behind it, or where it is."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forecourt.edge.exposure.certificates import certificate_openings
from forecourt.edge.exposure.configuration import (
    INTERNAL,
    Chain,
    Configuration,
    Json,
    Leaf,
    RouteTable,
    leaves,
    named,
    objects_with,
)
from forecourt.edge.exposure.destinations import Destinations
from forecourt.edge.exposure.guarded import Guarded, Opening
from forecourt.edge.exposure.policies import (
    POLICY_FILTER,
    for_anybody,
    policy_of,
    policy_openings,
)

# What lets nobody through without a decision, in this order, the router last.
_GATE, _ADMISSION, _ROUTER = POLICY_FILTER, "envoy.filters.http.rbac", "envoy.filters.http.router"
# A filter inside it is for the requests that a matcher chooses.
_SKIPPABLE = "ExtensionWithMatcher"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was judged, and what is open. `narrower` are prefixes that stand inside only, each with
    its API; `outside` and `inside` those that stand there, with API and version. `anybody` is what
    may be called without a credential."""

    chains: int
    routes: int
    openings: tuple[Opening, ...]
    narrower: tuple[tuple[str, str], ...]
    outside: tuple[tuple[str, str, str], ...]
    inside: tuple[tuple[str, str, str], ...]
    anybody: tuple[str, ...] = ()


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
    anybody: set[str] = set()
    for table in outside:
        openings += _named(table.place, table.content, never)
        openings += _own_rules(table)
        policies = dict(_policies(table))
        for leaf in _mirrors(table):
            openings += destinations.openings(leaf, hosts=_hosts(table), policies={})
        for leaf in leaves(table):
            judged += 1
            openings += destinations.openings(leaf, hosts=_hosts(table), policies=policies)
            openings += policy_openings(leaf, declared, contracts or {})
            anybody.update(for_anybody(leaf, declared))
    chains = [c for c in configuration.chains() if c.listener != INTERNAL]
    secrets = configuration.secrets()
    for chain in chains:
        openings += _chain_openings(chain, never)
        for because in certificate_openings(chain, secrets):
            openings.append(Opening(place=chain.place, because=because))
    unique = tuple(dict.fromkeys(openings))
    return Proof(
        chains=len(chains),
        routes=judged,
        openings=unique,
        narrower=narrower,
        outside=tuple(sorted(set(_standing(outside)))),
        inside=tuple(sorted(set(_standing(inside)))),
        anybody=tuple(sorted(anybody)),
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


def _own_rules(table: RouteTable) -> Iterator[Opening]:
    """Where gate and admission are others than the chain's: for the table, a host, a route or a
    share of its requests. None needs that; an empty rule of its own switches admission off."""
    for node in objects_with(table.content, "typed_per_filter_config"):
        place = f"{table.place} {named(node) if 'match' in node else node.get('name', '')}".strip()
        for name in sorted({_GATE, _ADMISSION} & (node["typed_per_filter_config"] or {}).keys()):
            own = node["typed_per_filter_config"][name] or {}
            how = "is switched off" if own.get("disabled") else "goes by rules of its own"
            yield Opening(place=place, because=f"`{name}` {how} for it")


def _mirrors(table: RouteTable) -> Iterator[Leaf]:
    """What a table or a host sends on of every request, as a route that leads there."""
    for node in (table.content, *table.content.get("virtual_hosts", ())):
        if mirrors := node.get("request_mirror_policies"):
            place = f"{table.place} {node.get('name', '')}".strip()
            yield Leaf(place=place, route={"route": {"request_mirror_policies": mirrors}})


def _chain_openings(chain: Chain, never: Collection[str]) -> Iterator[Opening]:
    if not chain.reads_http:
        kind = chain.type.rpartition(".")[2]
        because = f"it leads on without reading HTTP ({kind}), past every route and decision"
        yield Opening(place=chain.place, because=because)
        return
    upgrades = [u for u in chain.filter.get("upgrade_configs", ()) if u.get("filters")]
    for place, filters in (
        (chain.place, chain.filter.get("http_filters", ())),
        *((f"{chain.place}, upgrade to {u.get('upgrade_type')}", u["filters"]) for u in upgrades),
    ):
        yield from (Opening(place=place, because=b) for b in _past_the_gate(filters))
    pages: Json = {"pages": chain.filter.get("local_reply_config") or {}}
    yield from _named(f"{chain.place}, error pages", pages, never)
    yield from _named(chain.place, chain.filter, never)


def _past_the_gate(filters: Collection[Json]) -> Iterator[str]:
    decide = [
        f
        for f in filters
        if not f.get("disabled") and f.get("name") in {_GATE, _ADMISSION, _ROUTER}
    ]
    if [f["name"] for f in decide] != [_GATE, _ADMISSION, _ROUTER]:
        yield "requests reach the router without gate and admission before it, in this order"
    for each in decide:
        typed = each.get("typed_config") or {}
        if str(typed.get("@type", "")).endswith(_SKIPPABLE):
            yield f"some requests skip `{each['name']}`"
        elif each["name"] == _ADMISSION and not _asks_for_the_mark(typed):
            yield "admission lets requests through that the gate has not marked"


def _asks_for_the_mark(admission: Json) -> bool:
    """Whether it allows nothing but what carries something that a filter before it wrote."""
    rules = admission.get("rules") or {}
    policies = (rules.get("policies") or {}).values()
    return rules.get("action") == "ALLOW" and all(
        any(_is_written(rule) for rule in (permission.get("and_rules") or {}).get("rules", ()))
        for policy in policies
        for permission in policy.get("permissions", ())
    )


def _is_written(rule: Json) -> bool:
    told = rule.get("sourced_metadata") or {}
    return told.get("metadata_source", "DYNAMIC") == "DYNAMIC" and "metadata_matcher" in told


def _named(place: str, content: Json, never: Collection[str]) -> Iterator[Opening]:
    """Names that stand in a text and must not."""
    text = json.dumps(content)
    for name in sorted(never):
        # A plain search first: a pattern takes a hundred times as long.
        if name in text and re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text):
            yield Opening(place=place, because=f"it names `{name}`, which is known inside only")
