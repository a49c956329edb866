"""Gives back the places of requests whose callers left: only the access log tells of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from forecourt.edge.logged_request import LoggedRequest
from forecourt.edge.places import free_places
from forecourt.server.usage_counting import Detects


class Freeing:
    """What is told each line once: before it tells another, it gives places back."""

    def __init__(self, buckets: Path, then: Detects) -> None:
        self._buckets = buckets
        self._then = then

    async def last_uses(self, keys: Sequence[str]) -> Mapping[str, datetime]:
        """As the other says."""
        return await self._then.last_uses(keys)

    async def __call__(
        self, requests: Sequence[LoggedRequest], last_uses: Mapping[str, datetime]
    ) -> None:
        """Raises what the other raises. Places that cannot be given back end by themselves."""
        ended = [request.place for request in requests if request.place is not None]
        if ended:
            with suppress(OSError):
                await asyncio.to_thread(free_places, self._buckets, ended)
        await self._then(requests, last_uses)
