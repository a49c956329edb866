"""Where a test key's requests go: each route has a twin, and that leads to the mock.

The gate decides by the route itself, as it would for a live key. Then it sets a field that only it
can set and looks for a route again (`edge/lua/forecourt/test_keys.lua`); where it finds none, the
request ends. Admission lets nothing of a test key through on a route that is no twin.
"""

from __future__ import annotations

from collections.abc import Mapping

from forecourt.compiler.envoy.answers import ANSWERS_FILTER
from forecourt.compiler.envoy.faults import FAULTS_FILTER
from forecourt.compiler.envoy.spelling import Json, extension
from forecourt.compiler.ir.apis import Upstream, mock_upstream

# Set by the gate. What a caller sends of that name was removed before.
MOCK_HEADER = "forecourt-mock"

# What the route's name says in the access log.
_SUFFIX = "/mock"

# Metadata of a route that leads to the mock: for admission, and for the way out, which reads what
# stands under its filter's own name.
MOCK_NAMESPACE, MOCK_KEY = "forecourt", "mock"


def twin(route: Mapping[str, object], api: str, *, raised: bool = False) -> Json:
    """The same route, but for where it leads: all versions of an API have one base at the mock.

    Where calls are raised the gate says the path to the mock as well.
    """
    upstream = mock_upstream(api)
    target = route["route"]
    assert isinstance(target, dict)
    kept = {key: value for key, value in target.items() if key not in _WHERE}
    if raised:
        kept["path_rewrite"] = target["path_rewrite"]
    else:
        kept["prefix_rewrite"] = upstream.base_path
    return {
        **route,
        "name": f"{route['name']}{_SUFFIX}",
        "route": {"cluster": upstream.key, **kept},
        "metadata": {"filter_metadata": mock_metadata(upstream)},
    }


_WHERE = frozenset({"cluster", "cluster_header", "prefix_rewrite", "path_rewrite"})


def mock_metadata(upstream: Upstream) -> dict[str, Json]:
    """What a route says of its upstream: nothing, unless that is the mock."""
    if not upstream.mock:
        return {}
    return {name: {MOCK_KEY: True} for name in (MOCK_NAMESPACE, FAULTS_FILTER, ANSWERS_FILTER)}


def unless_mocked(matcher: Json, twins: Json) -> Json:
    """Routes for requests without the gate's field, twins for those with it.

    Where no twin stands, Envoy looks no further: a field that matched is not looked at again.
    """
    by_field = {"input": _FIELD, "exact_match_map": {"map": {"yes": {"matcher": twins}}}}
    return {"matcher_tree": by_field, "on_no_match": {"matcher": matcher}}


_FIELD = extension(
    "test-key", "envoy.type.matcher.v3.HttpRequestHeaderMatchInput", {"header_name": MOCK_HEADER}
)
