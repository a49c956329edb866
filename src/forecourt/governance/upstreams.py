"""Where an API's requests end up, as far as its declaration says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from forecourt.diagnostics import Span
from forecourt.estate.api import Api, Upstream

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """A service behind an API: its address, and the part of its paths that the API passes on.

    `base_path` begins and ends with `/`. `version` is None where it serves the whole API.
    """

    host: str
    port: int
    base_path: str
    version: str | None
    span: Span

    @property
    def address(self) -> tuple[str, int]:
        """What is the same for one service."""
        return self.host, self.port


def backends(api: Api) -> Iterator[Backend]:
    """Every service that the API's requests go to; what is no URL is left out."""
    if any(v.upstream is None for v in api.versions):
        yield from _backend(api.upstream, None, api.places["upstream.url"])
    for version in api.versions:
        if version.upstream is not None:
            place = api.places[f"versions.{version.name}.upstream.url"]
            yield from _backend(version.upstream, version.name, place)


def _backend(upstream: Upstream, version: str | None, span: Span) -> Iterator[Backend]:
    try:
        url = urlsplit(upstream.url)
        port = url.port or _PORTS.get(url.scheme)
    except ValueError:
        return
    if url.hostname is None or port is None:
        return
    path = url.path.rstrip("/") + "/"
    yield Backend(
        host=url.hostname.rstrip("."), port=port, base_path=path, version=version, span=span
    )
