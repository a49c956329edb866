"""Which addresses no block holds off, by what is published."""

from __future__ import annotations

from forecourt.actions.parts import gateway_of
from forecourt.server.header_versions import ReadableRevisions


class NeverBlocked:
    """The networks that the estate declares so."""

    def __init__(self, revisions: ReadableRevisions) -> None:
        self._revisions = revisions
        self._number: int | None = None
        self._networks: tuple[str, ...] = ()

    async def __call__(self) -> tuple[str, ...]:
        """Those of the newest revision; none before the first. Raises `StoreUnavailable`."""
        newest = await self._revisions.newest()
        if newest is not None and newest.number != self._number:
            parts = await self._revisions.parts(newest.number)
            self._networks = gateway_of(parts).never_blocked
            self._number = newest.number
        return self._networks
