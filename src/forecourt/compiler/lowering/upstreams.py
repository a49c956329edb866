"""Where a declared upstream's requests go."""

from __future__ import annotations

from urllib.parse import urlsplit

from forecourt.compiler.ir.apis import Upstream
from forecourt.estate.api import Upstream as Declared

_DEFAULT_PORTS = {"http": 80, "https": 443}


def lower_upstream(declared: Declared) -> Upstream:
    """The upstream an `http` or `https` URL names; its path becomes the base of every request."""
    url = urlsplit(declared.url)
    base = url.path if url.path.endswith("/") else f"{url.path}/"
    return Upstream(
        host=url.hostname or "",
        port=url.port or _DEFAULT_PORTS[url.scheme],
        tls=url.scheme == "https",
        base_path=base,
    )
