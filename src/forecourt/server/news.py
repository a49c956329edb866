"""Keeps the file in which the edge reads what to forget."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

import structlog

from forecourt.actions.announce import MOST_EVENTS, News, NewsHead, announcement
from forecourt.actions.store_unavailable import StoreUnavailable
from forecourt.edge.replacing import replace_file

_LOG = structlog.get_logger()

# With the quarter of a second between two looks of a worker, well under a second in all.
SECONDS_BETWEEN_LOOKS = 0.1


class NewsStore(Protocol):
    """Where news comes from."""

    async def latest_news(self) -> NewsHead:
        """Which database this is, and the number of its latest news."""
        ...

    async def news_since(self, sequence: int, *, up_to: int) -> tuple[News, ...]:
        """What happened after `sequence`, as far as `up_to`."""
        ...


async def _nothing() -> None:
    """Nothing else in this process depends on the news."""


class NewsFile:
    """The news file of one edge."""

    def __init__(
        self,
        path: Path,
        store: NewsStore,
        *,
        before_telling: Callable[[], Awaitable[None]] = _nothing,
    ) -> None:
        """`before_telling` brings this process up to date: an edge that hears news asks at once."""
        self._path = path
        self._store = store
        self._before_telling = before_telling
        self._written: NewsHead | None = None

    @property
    def latest(self) -> int:
        """The number of the latest news in the file (0: not written yet)."""
        return 0 if self._written is None else self._written.latest

    async def refresh(self) -> bool:
        """Write the file if there is news, or if this has not been done since the start; says
        whether it did. Raises `StoreUnavailable`, and `OSError` where it cannot be written."""
        head = await self._store.latest_news()
        if head == self._written:
            return False
        await self._before_telling()
        news = await self._store.news_since(head.latest - MOST_EVENTS, up_to=head.latest)
        text = announcement(head, news)
        # In one step: a worker that looks at this moment must not read half of it.
        await asyncio.to_thread(replace_file, self._path, text.encode())
        self._written = head
        return True

    async def keep(self, *, seconds: float = SECONDS_BETWEEN_LOOKS) -> None:
        """Refresh for ever. While that fails the edge goes on with what it knows."""
        is_failing = False
        while True:
            try:
                await self.refresh()
            except (StoreUnavailable, OSError) as error:
                if not is_failing:
                    _LOG.error("the edge hears no news", because=str(error))
                is_failing = True
            else:
                if is_failing:
                    _LOG.info("the edge hears news again")
                is_failing = False
            await asyncio.sleep(seconds)
