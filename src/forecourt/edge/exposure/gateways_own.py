"""What the gateway itself has inside, and must not be found outside: pages, documents, its mock."""

from __future__ import annotations

from collections.abc import Collection

from forecourt.edge.exposure.probes import Target
from forecourt.estate.own_paths import INTERNAL_TOKEN_PATH

_NAME = "forecourt"

# Of the internal listener, of the control plane (`server/operations.py`), and of Envoy's own pages:
# one of each. None of them does anything when it is asked for.
PATHS = (INTERNAL_TOKEN_PATH, "/metrics", "/health/ready", "/config_dump")
_DOCUMENT = "openapi.json"


def own_targets(
    narrower: Collection[tuple[str, str]], outside: Collection[tuple[str, str, str]]
) -> tuple[Target, ...]:
    """Its own pages; of each narrower API its document, and where the mock answers for it.

    What lies below the path of an API outside is left out: there an API may answer.
    """
    found = {Target(api=_NAME, path=path) for path in PATHS}
    found |= {Target(api=name, path=f"{prefix}{_DOCUMENT}") for prefix, name in narrower}
    found |= {Target(api=name, path=f"/{name}/") for _, name in narrower}
    prefixes = [prefix for prefix, _, _ in outside]
    return tuple(
        sorted(t for t in found if not any(t.path.startswith(prefix) for prefix in prefixes))
    )
