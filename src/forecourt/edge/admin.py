"""Talks to Envoy's admin interface, over its Unix socket in the state folder."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from pathlib import Path

import httpx

_POLL_SECONDS = 0.02
# The external and the internal one. Envoy is live without any where it took none of what it read.
_LISTENERS = 2


class Admin:
    """Questions to a running Envoy."""

    def __init__(self, state: Path) -> None:
        self._socket = state / "run" / "admin.sock"

    async def is_ready(self) -> bool:
        """Whether Envoy serves."""
        try:
            is_live = (await self._read("/ready")).strip() == "LIVE"
            return is_live and len((await self._read("/listeners")).split()) == _LISTENERS
        except httpx.HTTPError:
            return False

    async def wait_until_ready(self, seconds: float) -> bool:
        """Whether Envoy serves before so many seconds have passed."""
        return await _until(self.is_ready, seconds)

    async def prometheus(self) -> str:
        """Envoy's own metrics, in Prometheus' text format; empty while it does not answer."""
        try:
            return await self._read("/stats/prometheus")
        except httpx.HTTPError:
            return ""

    async def wait_for_clusters(self, names: Collection[str], seconds: float) -> bool:
        """Whether Envoy can reach every one of these clusters' addresses in time."""

        async def are_known() -> bool:
            try:
                text = await self._read("/clusters")
            except httpx.HTTPError:
                return False
            return all(f"\n{name}::" in f"\n{text}" for name in names)

        return await _until(are_known, seconds)

    async def _read(self, path: str) -> str:
        # Without TLS: to load the machine's authorities takes 100 ms, for which nothing else runs.
        transport = httpx.AsyncHTTPTransport(uds=str(self._socket), verify=False)
        async with httpx.AsyncClient(transport=transport, timeout=2) as client:
            answer = await client.get(f"http://envoy{path}")
            answer.raise_for_status()
            return answer.text


async def _until(is_so: object, seconds: float) -> bool:
    assert callable(is_so)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not await is_so():
        if loop.time() > deadline:
            return False
        await asyncio.sleep(_POLL_SECONDS)
    return True
