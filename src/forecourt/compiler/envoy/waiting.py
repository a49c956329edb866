"""Where a request is while the gate waits for a short body that nobody will read.

Envoy's Lua has no clock to wait by, but a route may say how long a stream lives. No route that
leads anywhere may say so: beside it Envoy does not heed the route's `timeout`, and a silent or slow
service is waited for as long as it likes.
"""

from __future__ import annotations

from forecourt.compiler.envoy.answers import chosen_filter
from forecourt.compiler.envoy.spelling import Json, extension, typed

# The gate's word for it (`short_bodies.lua`). Callers' own fields that begin so are gone by then.
_WAITING_HEADER = "forecourt-waits"

_FIELD = extension(
    "waits",
    "envoy.type.matcher.v3.HttpRequestHeaderMatchInput",
    {"header_name": _WAITING_HEADER},
)

# It leads nowhere, has no policy, and admits nobody.
_ROUTE = typed(
    "envoy.config.route.v3.Route",
    {
        "match": {"prefix": "/"},
        "route": {"cluster": "nowhere", "max_stream_duration": {"max_stream_duration": "3s"}},
        "typed_per_filter_config": chosen_filter(held=False),
    },
)


def unless_waiting(matcher: Json) -> Json:
    """Routes for requests that go on; those that wait stay where they may not for long."""
    action: Json = {"action": {"name": "route", "typed_config": _ROUTE}}
    by_field: Json = {"input": _FIELD, "exact_match_map": {"map": {"yes": action}}}
    return {"matcher_tree": by_field, "on_no_match": {"matcher": matcher}}
