"""Talks to Envoy's admin interface, over its Unix socket in the state folder."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import httpx

_POLL_SECONDS = 0.02
# The external and the internal one. Envoy is live without any where it took none of what it read.
_LISTENERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Which Envoy answers: the how manieth that took over, and how it would hand over."""

    epoch: int
    hot_restart_version: str


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

    async def wait_until_ready(self, seconds: float, *, epoch: int = 0) -> bool:
        """Whether the Envoy of that epoch serves before so many seconds have passed."""

        async def is_it() -> bool:
            try:
                return await self.is_ready() and (await self.server()).epoch == epoch
            except (httpx.HTTPError, ValueError):
                return False

        return await _until(is_it, seconds)

    async def server(self) -> Server:
        """Which Envoy this is. Raises `httpx.HTTPError`, and `ValueError` at nonsense."""
        said = json.loads(await self._read("/server_info"))
        try:
            return Server(
                epoch=int(said["command_line_options"].get("restart_epoch", 0)),
                hot_restart_version=str(said["hot_restart_version"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"envoy does not say what it is: {error!r}") from None

    async def listeners(self) -> frozenset[str]:
        """On which addresses it listens, as `host:port`. Raises `httpx.HTTPError`."""
        lines = (await self._read("/listeners")).splitlines()
        return frozenset(line.partition("::")[2] for line in lines)

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
