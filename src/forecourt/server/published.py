"""Who may call by the newest revision, in memory, where every resolution looks."""

from __future__ import annotations

from typing import Protocol

from forecourt.actions.published import callers_from_parts
from forecourt.compiler.ir.callers import Callers


class PublishedRevisions(Protocol):
    """Where revisions are kept."""

    async def published_callers(self) -> Callers:
        """Who may call by the newest one."""
        ...


class PublishedCallers:
    """The callers of the newest revision that this process knows of."""

    def __init__(self, revisions: PublishedRevisions) -> None:
        self._revisions = revisions
        self._callers = callers_from_parts({})

    def __call__(self) -> Callers:
        """Those that are published."""
        return self._callers

    async def refresh(self) -> None:
        """Reads them again. Raises `StoreUnavailable`."""
        self._callers = await self._revisions.published_callers()
