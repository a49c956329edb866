"""Which request belongs to which version of which API: a tree of path prefixes a listener."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from forecourt.compiler.envoy.answer_fields import answer_fields, besides, overwriting
from forecourt.compiler.envoy.answers import (
    are_held,
    chosen_filter,
    held_back,
    held_route,
    marked,
    raised_route,
)
from forecourt.compiler.envoy.filters import body_bound, buffer_limit
from forecourt.compiler.envoy.gate import LUA_FILTER
from forecourt.compiler.envoy.headers import CLIENT_CERTIFICATE_HEADER, INTERNAL_TOKEN_HEADER
from forecourt.compiler.envoy.mocked import mock_metadata, twin, unless_mocked
from forecourt.compiler.envoy.nowhere import NOWHERE
from forecourt.compiler.envoy.own_routes import unless_own
from forecourt.compiler.envoy.policy import (
    BASE_PATH,
    KEY,
    are_raised,
    differs,
    name_of,
    policy,
)
from forecourt.compiler.envoy.spelling import Json, extension, response, typed
from forecourt.compiler.envoy.waiting import unless_waiting
from forecourt.compiler.ir.apis import Api, Version

# Set by the gate where one route leads to several upstreams.
UPSTREAM_HEADER = "forecourt-upstream"
# What the gate says of the version, for the answer's own fields. It stands in metadata: a header of
# the request would be gone by the time the answer is written. What a service links to, such as its
# next page, callers go on to need.
LIFECYCLE = {"deprecation": overwriting, "sunset": overwriting, "link": besides}
# In metadata, by the gate, where the upstreams of one route have different base paths.
PATH_KEY = "path"
# The path as the caller wrote it: the upstream's is rewritten, and the log tells the caller's. The
# gate says it where it changes the query.
PATH_HEADER = "forecourt-path"

# What proves who calls goes no further than the gate; inside, `authorization` does, since a service
# may have users of its own.
_CREDENTIALS = {
    "external": ("authorization", "x-api-key", CLIENT_CERTIFICATE_HEADER),
    "internal": (CLIENT_CERTIFICATE_HEADER, INTERNAL_TOKEN_HEADER),
}

# Where API keys count, and test keys are among them.
_WITH_KEYS = frozenset({"external"})

# What an upstream says of itself, or of a limit that is not ours, and no caller hears.
_UPSTREAM_MARKS = (
    *("x-powered-by", "x-aspnet-version", "x-aspnetmvc-version", "x-runtime", "via"),
    *("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"),
)


def route_resources(
    listener: str,
    hosts: tuple[str, ...],
    apis: Iterable[Api],
    *,
    always: Iterable[Json],
    own: Iterable[Json] = (),
) -> Json:
    """The routes of a listener: only APIs that are on it, so what is not on it is not there.

    `always` are the fields that every answer carries, `own` the gateway's own routes.
    """
    routes = dict(
        route for api in apis if listener in api.listeners for route in _routes(api, listener)
    )
    matcher = _by_prefix({prefix: route for prefix, (_, _, route) in routes.items()})
    if listener in _WITH_KEYS and routes:
        twins = {
            prefix: twin(route, name, raised=raised)
            for prefix, (name, raised, route) in routes.items()
        }
        matcher = unless_mocked(matcher, _by_prefix(twins))
    virtual_host: Json = {
        "name": listener,
        "domains": list(hosts),
        "matcher": unless_waiting(unless_own(listener, own, matcher)),
    }
    return response(
        typed(
            "envoy.config.route.v3.RouteConfiguration",
            {
                "name": listener,
                "virtual_hosts": [virtual_host],
                "request_headers_to_add": [overwriting(PATH_HEADER, "%REQ(FORECOURT-PATH?:PATH)%")],
                "request_headers_to_remove": [UPSTREAM_HEADER, *_CREDENTIALS[listener]],
                "response_headers_to_remove": list(_UPSTREAM_MARKS),
                "response_headers_to_add": answer_fields(always),
            },
        )
    )


def _by_prefix(routes: Mapping[str, Json]) -> Json:
    """The longest prefix wins; where none fits, nothing stands."""
    matcher: Json = {"on_no_match": _action(NOWHERE)}
    if routes:
        tree = {prefix: _action(routes[prefix]) for prefix in sorted(routes)}
        matcher["matcher_tree"] = {"input": _PATH, "prefix_match_map": {"map": tree}}
    return matcher


_PATH = extension(
    "path", "envoy.type.matcher.v3.HttpRequestHeaderMatchInput", {"header_name": ":path"}
)


def _action(route: Json) -> Json:
    return {"action": {"name": "route", "typed_config": route}}


def _routes(api: Api, listener: str) -> Iterator[tuple[str, tuple[str, bool, Json]]]:
    """By prefix: the API's name, whether calls are raised, and the route."""
    by_prefix: dict[str, list[Version]] = {}
    for version in api.versions:
        by_prefix.setdefault(version.prefix, []).append(version)
    for prefix, versions in by_prefix.items():
        route = _route(api, listener, prefix, tuple(versions))
        yield prefix, (api.name, are_raised(tuple(versions)), route)


def _route(api: Api, listener: str, prefix: str, versions: tuple[Version, ...]) -> Json:
    spelled = policy(api, versions)
    first = versions[0].upstream
    target: Json = (
        {"cluster_header": UPSTREAM_HEADER} if differs(versions, KEY) else {"cluster": first.key}
    )
    target |= (
        {"path_rewrite": f"%DYNAMIC_METADATA(forecourt:{PATH_KEY})%"}
        if differs(versions, BASE_PATH) or are_raised(versions)
        else {"prefix_rewrite": first.base_path}
    )
    held = are_held(api, versions, on_external=listener == "external")
    bound = max(c.body_bytes for c in api.callers if _calls_on(listener, c.audience.is_external))
    route: Json = {
        "name": name_of(api, versions, spelled),
        "match": {"prefix": prefix},
        "route": {
            **target,
            "timeout": "30s",
            "retry_policy": {
                "retry_on": "connect-failure,refused-stream",
                "num_retries": 1,
            },
        },
        "metadata": {
            "filter_metadata": {LUA_FILTER: {"policy": spelled}, **mock_metadata(first)},
        },
        "request_body_buffer_limit": max(buffer_limit(bound), held_back(held=held)),
        "typed_per_filter_config": body_bound(bound) | chosen_filter(held=held),
        **_together(held_route(held=held), raised_route(versions)),
    }
    said = [*(_lifecycle() if any(map(_may_end, versions)) else ()), *_varies(api)]
    if said:
        route["response_headers_to_add"] = [*marked(held=held), *said]
    return typed("envoy.config.route.v3.Route", route)


def _lifecycle() -> Iterator[Json]:
    for name, field in LIFECYCLE.items():
        yield field(name, f"%DYNAMIC_METADATA(forecourt:{name})%")


def _varies(api: Api) -> Iterator[Json]:
    """Versions of one URL, whose answers nobody may keep for each other (RFC 9110, 12.5.5).

    The gate says it of requests that it admits: a stranger does not learn by it what stands here.
    """
    if api.by_header:
        yield besides("vary", "%DYNAMIC_METADATA(forecourt:vary)%")


def _together(*parts: Mapping[str, Any]) -> Json:
    """Lists of the same name, one behind the other."""
    names = dict.fromkeys(name for part in parts for name in part)
    return {name: [item for part in parts for item in part.get(name, ())] for name in names}


def _may_end(version: Version) -> bool:
    """Whether answers may say that the version ends, or something of it."""
    return version.status == "deprecated" or any(c.has_lives for c in version.contracts)


def _calls_on(listener: str, is_external: bool) -> bool:
    return is_external or listener == "internal"
