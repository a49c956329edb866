"""Where a route outside leads: by cluster, redirect, rewrite or an answer of its own."""

from __future__ import annotations

import json
from base64 import b64decode
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from forecourt.edge.exposure.configuration import Json, Leaf, objects_with
from forecourt.edge.exposure.guarded import Guarded, Opening, Place
from forecourt.edge.exposure.policies import OAUTH_SOCKET, policy_of

_MOCK_SOCKET = "run/mock.sock"
# The path as the gate made it of what it found in the policy: its bases stand there.
_BY_POLICY = "%DYNAMIC_METADATA(forecourt:path)%"
_UNJUDGEABLE = {
    "cluster_specifier_plugin": "a plug-in chooses where it leads",
    "inline_cluster_specifier_plugin": "a plug-in chooses where it leads",
    "regex_rewrite": "a pattern writes its path anew",
    "path_rewrite_policy": "a plug-in writes its path anew",
    "host_rewrite_header": "a field of the request chooses its host",
    "host_rewrite_path_regex": "a pattern chooses its host",
}


class Destinations:
    """What is known of where routes can lead. `narrower` are prefixes inside, with their APIs."""

    def __init__(
        self,
        clusters: Mapping[str, Json],
        declared: Mapping[str, Guarded],
        narrower: Collection[tuple[str, str]],
    ) -> None:
        self._clusters = clusters
        self._declared = declared
        self._narrower = narrower
        self._owners: dict[tuple[str, int], list[tuple[Guarded, Place]]] = defaultdict(list)
        for api in declared.values():
            for place in api.places:
                self._owners[place.host, place.port].append((api, place))

    def openings(
        self, leaf: Leaf, *, hosts: Collection[str], policies: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[Opening]:
        """What is open behind a route of a table that answers for these hosts.

        `policies` are those of the table by prefix: a route to the mock may go by its neighbour's.
        """
        route = leaf.route
        if "redirect" in route:
            found = self._redirect(route["redirect"], hosts)
        elif "direct_response" in route:
            found = self._answer(route["direct_response"])
        elif "route" in route:
            prefix = str((route.get("match") or {}).get("prefix"))
            policy = policy_of(route)
            found = self._target(route["route"] or {}, policy, policies.get(prefix, {}))
        elif "non_forwarding_action" in route:
            found = iter(())
        else:
            found = iter(("it leads on in a way that nobody can judge",))
        yield from (Opening(place=leaf.place, because=because) for because in found)

    def _redirect(self, redirect: Json, hosts: Collection[str]) -> Iterator[str]:
        if "regex_rewrite" in redirect:
            yield "it sends callers on by a pattern, so nobody can say where"
        host = str(redirect.get("host_redirect", ""))
        if host and host.partition(":")[0] not in hosts:
            yield f"it sends callers on to `{host}`, which is no host of this listener"
        if port := redirect.get("port_redirect") or host.partition(":")[2]:
            yield f"it sends callers on to port {port}, where another listener may stand"
        for key in ("path_redirect", "prefix_rewrite"):
            path = urlsplit(str(redirect.get(key, ""))).path
            for prefix, name in self._narrower:
                if path and f"{path}/".startswith(prefix):
                    yield f"it sends callers on to `{path}`, where {self._api(name)} stands"

    def _answer(self, answer: Json) -> Iterator[str]:
        """A text of its own: it must not be a file, or tell where things stand inside."""
        body = answer.get("body") or {}
        if "filename" in body or "environment_variable" in body:
            yield "it answers with something that is not in the snapshot"
        bare = b64decode(str(body.get("inline_bytes", ""))).decode(errors="replace")
        text = json.dumps({**body, "inline_bytes": bare})
        for prefix, name in self._narrower:
            if prefix in text:
                yield f"its answer names `{prefix}`, where {self._api(name)} stands"

    def _target(
        self, target: Json, policy: Mapping[str, Any], beside: Mapping[str, Any]
    ) -> Iterator[str]:
        for key, because in _UNJUDGEABLE.items():
            if key in target:
                yield f"{because}, so nobody can say where it leads"
        if target.get("path_rewrite", _BY_POLICY) != _BY_POLICY:
            yield "its path is written anew by a rule that nobody can judge"
        for name in dict.fromkeys(_cluster_names(target, policy)):
            if (cluster := self._clusters.get(name)) is not None:
                yield from self._cluster(cluster, target, policy, beside)
        if "cluster_header" in target and not _by_version(policy):
            yield "a field of the request chooses where it leads, and no policy says among what"
        shares: Sequence[Json] = (target.get("weighted_clusters") or {}).get("clusters", ())
        if any(
            "cluster_header" in s for s in (*shares, *target.get("request_mirror_policies", ()))
        ):
            yield "a field of the request chooses where a share of them leads"
        rewrites = [str(t.get("host_rewrite_literal", "")) for t in (target, *shares)]
        hosts = {rewrite.partition(":")[0] for rewrite in rewrites if rewrite}
        for api in self._declared.values() if hosts else ():
            for host in sorted(hosts & {p.host for p in api.places if not api.is_outside}):
                yield f"it calls itself `{host}`, the host of {self._api(api.name)}"

    def _cluster(
        self,
        cluster: Json,
        target: Json,
        policy: Mapping[str, Any],
        beside: Mapping[str, Any],
    ) -> Iterator[str]:
        addresses = list(objects_with(cluster, "address"))
        pipes = [str(p["pipe"].get("path")) for p in objects_with(cluster, "pipe")]
        places = [
            (str(a["address"]).lower(), int(a["port_value"]))
            for a in addresses
            if isinstance(a["address"], str) and "port_value" in a
        ]
        if not pipes and not places:
            yield f"cluster `{cluster.get('name')}` leads wherever it likes: it has no address"
        for path in pipes:
            if not ("own" in policy and path == OAUTH_SOCKET):
                yield from self._pipe(path, _mocked(target, policy or beside))
        for host, port in places:
            yield from self._place(host, port, target, policy)

    def _pipe(self, path: str, bases: Collection[str]) -> Iterator[str]:
        if path != _MOCK_SOCKET:
            yield f"it leads to the socket `{path}`, which is the gateway's own"
            return
        for base in bases:
            name = base.strip("/").partition("/")[0]
            api = self._declared.get(name)
            if api is None:
                yield f"the mock answers for `{name}`, which no file declares"
            elif not api.is_outside:
                yield f"the mock shows the document of {self._api(name)}"

    def _place(
        self, host: str, port: int, target: Json, policy: Mapping[str, Any]
    ) -> Iterator[str]:
        where = f"{host}:{port}"
        owners = self._owners.get((host, port), [])
        if not owners:
            yield f"it leads to {where}, which is no API's service"
            return
        if not policy:
            yield f"it leads to {where}, and no policy says who may call"
        served = self._declared.get(str(policy.get("api")))
        widest = max((api.audience for api, _ in owners), default=None)
        floor = served.audience if served is not None and served.is_outside else widest
        for api, place in owners:
            if api.is_outside and (floor is None or api.audience >= floor):
                continue
            if not any(o.audience > api.audience for o, _ in owners):
                yield f"it leads to {where}, the service of {self._api(api.name)}"
            elif not _is_held(policy) and any(
                place.base.startswith(base) for base in _bases(target, policy)
            ):
                inner = f"{where}{place.base}"
                yield f"it leads to all of {inner}, where {self._api(api.name)} is served too"

    def _api(self, name: str) -> str:
        api = self._declared.get(name)
        kind = "an API that no file declares" if api is None else f"the {api.audience.value} API"
        return f"{kind} `{name}`"


def _cluster_names(target: Json, policy: Mapping[str, Any]) -> Iterator[str]:
    if "cluster" in target:
        yield str(target["cluster"])
    weighted = (target.get("weighted_clusters") or {}).get("clusters", ())
    yield from (str(cluster.get("name")) for cluster in weighted)
    mirrors: Sequence[Json] = target.get("request_mirror_policies", ())
    yield from (str(mirror.get("cluster")) for mirror in mirrors)
    if "cluster_header" in target:
        yield from _by_version(policy)


def _by_version(policy: Mapping[str, Any]) -> list[str]:
    return [str(v["upstream"]) for v in policy.get("versions", ()) if "upstream" in v]


def _bases(target: Json, policy: Mapping[str, Any]) -> list[str]:
    """Below which paths of the service requests arrive."""
    own = [str(v["base"]) for v in policy.get("versions", ()) if "base" in v]
    return own or [str(target.get("prefix_rewrite", "/"))]


def _mocked(target: Json, policy: Mapping[str, Any]) -> list[str]:
    """For which paths the mock may answer; "" where nothing says it."""
    if "path_rewrite" not in target:
        return [str(target.get("prefix_rewrite", ""))]
    said = [str(policy["test_base"])] if "test_base" in policy else []
    return said or [str(v["base"]) for v in policy.get("versions", ()) if "base" in v] or [""]


def _is_held(policy: Mapping[str, Any]) -> bool:
    """Whether every caller reaches operations of the contract only."""
    callers = (policy.get("callers") or {}).values()
    return bool(callers) and all(
        c.get("request_check") == "enforce" or c.get("response_check") == "filter" for c in callers
    )
