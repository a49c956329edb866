"""What the gateway itself answers: whole paths with any query, which no API's prefix takes from it.

What is below them leads nowhere, and so do they while there is nobody to answer: whether an API
reaches a path must not hang on whether a client was added.

What a policy calls `own` the gate lets everybody through to; it says how the rest is decided: by
the control plane (`server/oauth/`), which sees who asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

import msgspec

from forecourt.compiler.envoy import files
from forecourt.compiler.envoy.answer_fields import overwriting
from forecourt.compiler.envoy.answers import chosen_filter
from forecourt.compiler.envoy.clusters import unix_cluster
from forecourt.compiler.envoy.filters import body_bound, buffer_limit
from forecourt.compiler.envoy.gate import LUA_FILTER
from forecourt.compiler.envoy.nowhere import NOWHERE
from forecourt.compiler.envoy.spelling import Json, extension, typed
from forecourt.estate.own_paths import BELOW, INTERNAL_TOKEN_PATH, OAUTH_PATHS, OWN_PATHS

OAUTH_CLUSTER, TOKEN_CLUSTER = "forecourt-oauth", "forecourt-tokens"

# What a client says of itself, and where it calls from, under names that no caller can say.
AUTHORIZATION_HEADER, ADDRESS_HEADER = "forecourt-authorization", "forecourt-address"

# Forms and assertions are short.
MOST_BYTES = 64 * 1024


# So many requests are with the control plane at a time, and so many wait: it also says who calls,
# and a flood from strangers must not keep it from that. Bodies are whole by then (`gate.lua`).
_MOST = {"max_connections": 32, "max_pending_requests": 128, "max_requests": 160}


def own_clusters() -> list[Json]:
    """Where they lead: to sockets of the control plane, one a listener."""
    sockets = ((OAUTH_CLUSTER, files.OAUTH_SOCKET), (TOKEN_CLUSTER, files.TOKEN_SOCKET))
    return [
        typed(
            "envoy.config.cluster.v3.Cluster",
            unix_cluster(name, path) | {"circuit_breakers": {"thresholds": [_MOST]}},
        )
        for name, path in sockets
    ]


def unless_own(listener: str, routes: Iterable[Json], otherwise: Json) -> Json:
    """These by their whole path, whatever its query; other requests go on, but for those that are
    at or below an own path of the listener and have no route.

    Envoy's input is the path with its query, so each stands in two trees: as it is, and as what a
    `?` follows.
    """
    own = {str(path): route for route in routes for path in [_path_of(route)]}
    paths = OWN_PATHS[listener]
    whole = {path: own.get(path, NOWHERE) for path in paths}
    begun = {f"{path}?": route for path, route in whole.items()} | {
        f"{path}{sign}": NOWHERE for path in paths for sign in BELOW
    }
    further: Json = {
        "matcher_tree": {"input": _PATH, "prefix_match_map": {"map": _actions(begun)}},
        "on_no_match": {"matcher": otherwise},
    }
    tree = {"input": _PATH, "exact_match_map": {"map": _actions(whole)}}
    return {"matcher_tree": tree, "on_no_match": {"matcher": further}}


def _actions(routes: Mapping[str, Json]) -> Json:
    return {
        path: {"action": {"name": "route", "typed_config": route}} for path, route in routes.items()
    }


_PATH = extension(
    "own-path", "envoy.type.matcher.v3.HttpRequestHeaderMatchInput", {"header_name": ":path"}
)


def _path_of(route: Json) -> object:
    match = route["match"]
    assert isinstance(match, dict)
    return match["path"]


def oauth_routes() -> list[Json]:
    """The authorization server's: whoever asks proves itself there, or nothing."""
    policy: Json = {"own": "oauth", "callers": {}}
    said = [
        overwriting(AUTHORIZATION_HEADER, "%REQ(AUTHORIZATION)%"),
        overwriting(ADDRESS_HEADER, "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"),
    ]
    return [_route(path, OAUTH_CLUSTER, policy, said) for path in OAUTH_PATHS]


def internal_token_route() -> Json:
    """Where a service with a client certificate, and nobody else, gets a token."""
    policy: Json = {
        "api": "forecourt",
        "audience": "internal",
        "team": "",
        "by_header": False,
        "versions": [{"name": "", "status": "current"}],
        "prefix": INTERNAL_TOKEN_PATH,
        "callers": {
            "internal": {
                "errors": "detailed",
                # No token: one that leaked could be made to live for ever.
                "credentials": ["mtls"],
                "demands_scopes": False,
                "request_check": "off",
                "response_check": "off",
                "unknown_parameters": "pass",
                "body_bytes": MOST_BYTES,
                "body_depth": 1,
                "body_keys": 1,
            }
        },
    }
    return _route(INTERNAL_TOKEN_PATH, TOKEN_CLUSTER, policy, [])


def _route(path: str, cluster: str, policy: Json, said: list[Json]) -> Json:
    digest = sha256(msgspec.json.encode(policy, order="sorted")).hexdigest()[:12]
    return typed(
        "envoy.config.route.v3.Route",
        {
            "name": f"{OWN_PREFIX}{path}#{digest}",
            "match": {"path": path},
            "route": {"cluster": cluster, "timeout": "10s"},
            "metadata": {"filter_metadata": {LUA_FILTER: {"policy": policy}}},
            "request_body_buffer_limit": buffer_limit(MOST_BYTES),
            "request_headers_to_add": said,
            "typed_per_filter_config": body_bound(MOST_BYTES) | chosen_filter(held=False),
        },
    )


# How the names of such routes begin; no API's name can.
OWN_PREFIX = "own:"
