"""Which versions a first call pins an application to, by what is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from forecourt.actions.parts import API, Parts, api_of
from forecourt.actions.revision import Revision

# Neither a draft nor a preview is promised to stay.
_STAYING = frozenset({"current", "deprecated"})


class ReadableRevisions(Protocol):
    """What is needed of where revisions are kept."""

    async def newest(self) -> Revision | None:
        """The one that is served."""
        ...

    async def parts(self, number: int) -> Parts:
        """The parts of one."""
        ...


class HeaderVersions:
    """The versions, by API, of those whose version is said in a header."""

    def __init__(self, revisions: ReadableRevisions) -> None:
        self._revisions = revisions
        self._number: int | None = None
        self._versions: Mapping[str, frozenset[str]] = {}

    async def __call__(self) -> Mapping[str, frozenset[str]]:
        """Those of the newest revision. Raises `StoreUnavailable`."""
        newest = await self._revisions.newest()
        number = None if newest is None else newest.number
        if number is not None and number != self._number:
            parts = await self._revisions.parts(number)
            apis = (api_of(text, part) for part, text in parts.items() if part.startswith(API))
            self._versions = {
                api.name: frozenset(v.name for v in api.versions if v.status in _STAYING)
                for api in apis
                if api.by_header
            }
            self._number = number
        return self._versions
