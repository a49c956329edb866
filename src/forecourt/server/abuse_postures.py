"""What is done about attacks by callers of each audience on each API, by what is published."""

from __future__ import annotations

from collections.abc import Mapping

from forecourt.actions.parts import API, api_of
from forecourt.estate.audience import Audience
from forecourt.estate.posture import POSTURES
from forecourt.server.header_versions import ReadableRevisions


class AbusePostures:
    """The dimension `abuse`, as APIs set it; the table's for what is no API's."""

    def __init__(self, revisions: ReadableRevisions) -> None:
        self._revisions = revisions
        self._number: int | None = None
        self._set: Mapping[tuple[str, Audience], str] = {}

    async def __call__(self, api: str | None, caller: Audience) -> str:
        """That of the newest revision. Raises `StoreUnavailable`."""
        newest = await self._revisions.newest()
        if newest is not None and newest.number != self._number:
            parts = await self._revisions.parts(newest.number)
            apis = [api_of(text, part) for part, text in parts.items() if part.startswith(API)]
            self._set = {
                (each.name, policy.audience): policy.abuse
                for each in apis
                for policy in each.callers
                if policy.abuse is not None
            }
            self._number = newest.number
        return self._set.get((api or "", caller), POSTURES[caller].abuse)
