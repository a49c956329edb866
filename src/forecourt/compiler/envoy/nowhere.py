"""A route that leads nowhere."""

from __future__ import annotations

from forecourt.compiler.envoy.answers import chosen_filter
from forecourt.compiler.envoy.spelling import typed

# Where no API stands. It has no name and no policy, so the gate lets nobody through to it, and its
# cluster does not exist; it is there so that an answer looks the same whether something stands at a
# path or not. (Envoy adds a route's fields to its own answers only where the route has a cluster.)
NOWHERE = typed(
    "envoy.config.route.v3.Route",
    {
        "match": {"prefix": "/"},
        "route": {"cluster": "nowhere"},
        "typed_per_filter_config": chosen_filter(held=False),
    },
)
