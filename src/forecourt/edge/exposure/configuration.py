"""What Envoy is told, taken apart: chains, routes and clusters, wherever they stand in its JSON.

Routes are looked for everywhere in a route table, in lists and in matchers of any shape, so that
one that stands at an unusual place is judged like the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

Json = Mapping[str, Any]

INTERNAL = "internal"

_MANAGER = "HttpConnectionManager"
_ROUTE = "config.route.v3.Route"
_MATCHED = (_ROUTE, "config.route.v3.RouteList", "config.route.v3.NonForwardingAction")
# Any of them makes of an object a cluster.
_OF_CLUSTERS = ("connect_timeout", "lb_policy", "cluster_type", "load_assignment")
ACTIONS = ("route", "redirect", "direct_response", "filter_action", "non_forwarding_action")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One network filter of one listener: its configuration, the place for people, and how TLS is
    spoken there."""

    listener: str
    place: str
    type: str
    filter: Json
    tls: Json

    @property
    def reads_http(self) -> bool:
        """Whether it is one whose routes can be judged."""
        return self.type.endswith(_MANAGER)


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTable:
    """The routes of a chain; `text` is all of it."""

    place: str
    content: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A route, or what a matcher leads to instead of one."""

    place: str
    route: Json


class Configuration:
    """The files of a snapshot."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = {
            name: json.loads(content) for name, content in files.items() if name.endswith(".json")
        }

    def chains(self) -> Iterator[Chain]:
        """Every network filter of every listener, in any file."""
        for name, content in sorted(self._files.items()):
            for listener in _listeners(content):
                default = listener.get("default_filter_chain") or {}
                for chain in (*listener.get("filter_chains", ()), default):
                    yield from _filters(f"{name}: {listener.get('name')}", listener, chain)

    def table(self, chain: Chain) -> RouteTable | None:
        """The routes of a chain; None where they are nowhere in the snapshot."""
        if (inline := chain.filter.get("route_config")) is not None:
            return RouteTable(place=chain.place, content=inline)
        rds = chain.filter.get("rds") or {}
        source = rds.get("config_source") or {}
        path = (source.get("path_config_source") or {}).get("path") or source.get("path") or ""
        file = PurePosixPath(path).name
        for resource in self._files.get(file, {}).get("resources", ()):
            if resource.get("name") == rds.get("route_config_name"):
                return RouteTable(place=file, content=resource)
        return None

    def secrets(self) -> dict[str, Json]:
        """What certificates of callers are checked against, by the name of the secret."""
        return {
            str(secret.get("name")): secret["validation_context"] or {}
            for content in self._files.values()
            for secret in objects_with(content, "validation_context")
            if "name" in secret
        }

    def clusters(self) -> dict[str, Json]:
        """Where routes may lead, by name."""
        found: dict[str, Json] = {}
        for content in self._files.values():
            for key in _OF_CLUSTERS:
                for cluster in objects_with(content, key):
                    found[str(cluster.get("name"))] = cluster
        return found


def leaves(table: RouteTable) -> Iterator[Leaf]:
    """Every route of a table, at its place."""
    yield from _leaves(table.content, table.place)


def _leaves(node: Any, place: str) -> Iterator[Leaf]:
    if isinstance(node, Mapping):
        is_route = str(node.get("@type", "")).endswith(_ROUTE) or (
            "match" in node and any(action in node for action in ACTIONS)
        )
        if is_route:
            yield Leaf(place=f"{place} {named(node)}", route=node)
            return
        led_to = node.get("action")
        if isinstance(led_to, Mapping) and not _is_known(led_to):
            yield Leaf(place=f"{place}/action", route=led_to)
            return
        for key, below in node.items():
            yield from _leaves(below, _below(place, key))
    elif isinstance(node, Sequence) and not isinstance(node, str | bytes):
        for below in node:
            yield from _leaves(below, place)


# Steps that say nothing to whoever reads where a route stands.
_SILENT = frozenset(
    {"matcher", "matcher_tree", "map", "action", "typed_config", "exact_match_map", "routes"}
    | {"prefix_match_map", "virtual_hosts"}
)


def _below(place: str, key: str) -> str:
    return place if key in _SILENT else f"{place}/{key.strip('/')}"


def named(route: Json) -> str:
    """How people tell a route: by what it matches and what it is called."""
    match = route.get("match") or {}
    written = [str(match[k]) for k in ("prefix", "path", "path_separated_prefix") if k in match]
    name = str(route.get("name") or "")
    return " ".join(part for part in (*(written or [json.dumps(match)]), name) if part)


def _is_known(action: Json) -> bool:
    kind = str((action.get("typed_config") or {}).get("@type", ""))
    return any(kind.endswith(known) for known in _MATCHED)


def _listeners(content: Any) -> Iterator[Json]:
    yield from objects_with(content, "filter_chains")
    for listener in objects_with(content, "default_filter_chain"):
        if "filter_chains" not in listener:
            yield listener


def _filters(place: str, listener: Json, chain: Json) -> Iterator[Chain]:
    for each in chain.get("filters", ()):
        typed = each.get("typed_config") or {}
        yield Chain(
            listener=str(listener.get("name")),
            place=place,
            type=str(typed.get("@type", each.get("name"))),
            filter=typed,
            tls=(chain.get("transport_socket") or {}).get("typed_config") or {},
        )


def objects_with(node: Any, key: str) -> Iterator[Json]:
    """Every object that has a key, anywhere in a value."""
    if isinstance(node, Mapping):
        if key in node:
            yield node
        for below in node.values():
            yield from objects_with(below, key)
    elif isinstance(node, Sequence) and not isinstance(node, str | bytes):
        for below in node:
            yield from objects_with(below, key)
