"""What the edge's own folder says that it serves: its routes, without a database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_ROUTES = "current/routes-internal.json"


def served_policies(state: Path) -> tuple[dict[str, Any], ...] | None:
    """The policies of the routes of the internal listener, on which every API is; None where
    nothing is served from that folder, or nothing that can be read."""
    try:
        routes = json.loads((state / _ROUTES).read_bytes())
    except (OSError, ValueError):
        return None
    return tuple(_policies(routes))


def _policies(value: Any) -> Iterator[dict[str, Any]]:
    """Wherever they stand in Envoy's tree of routes."""
    match value:
        case {"policy": {"api": str(), "versions": list()} as policy}:
            yield policy
        case dict():
            for inner in value.values():
                yield from _policies(inner)
        case list():
            for inner in value:
                yield from _policies(inner)
        case _:
            return
