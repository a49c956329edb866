"""Counts what the edge logged, and pins applications to what they called first."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import structlog

from forecourt.actions.announce import NewsHead, NewsKind
from forecourt.actions.pin import FIRST_CALL, PinRecord, Pins
from forecourt.actions.quota import SPENT, QuotaEvent, Spending
from forecourt.actions.store_unavailable import StoreUnavailable
from forecourt.actions.usage import LogPosition, UsageStore
from forecourt.compiler.ir.callers import Limit
from forecourt.edge.log_tail import Read, read_on
from forecourt.edge.logged_request import LoggedRequest, logged_request
from forecourt.server.news import NewsStore
from forecourt.usage.last_use import last_uses
from forecourt.usage.rollup import rolled_up
from forecourt.usage.spending import Holder, spent

_LOG = structlog.get_logger()

# Envoy writes lines out every ten seconds, or by 64 KB. A block at a time, so that neither counting
# nor the news of pins comes in the way of what answers the edge.
_SECONDS = 1.0
_SECONDS_IN_ARREARS = 0.05
# An edge forgets everybody where it misses news; so many at once it does not miss.
_MOST_PINS = 200
_SECONDS_BETWEEN_PINS = 0.5
# So many applications are remembered that have their pins, and so much news about them is read.
_MOST_KNOWN = 100_000
_MOST_NEWS = 1_000
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Detects(Protocol):
    """What is told each line once."""

    async def last_uses(self, keys: Sequence[str]) -> Mapping[str, datetime]:
        """When these keys were used last, by what is stored; else when they were issued."""
        ...

    async def __call__(
        self, requests: Sequence[LoggedRequest], last_uses: Mapping[str, datetime]
    ) -> None:
        """Looks at them."""
        ...


class UsageCounting:
    """The counting of one edge's access log."""

    def __init__(
        self,
        log: Path,
        *,
        usage: UsageStore,
        pins: Pins,
        pinnable: Callable[[], Awaitable[Mapping[str, frozenset[str]]]],
        news: NewsStore,
        limits: Callable[[Iterable[Holder]], Awaitable[Mapping[Holder, Limit]]],
        clock: Callable[[], datetime],
        detecting: Detects | None = None,
    ) -> None:
        """`pinnable` has the versions to which a first call pins, by API; `news` tells of what was
        unpinned; `limits` has those that have quotas."""
        self._log = log
        self._name = f"{platform.node()}:{log.absolute()}"
        self._usage = usage
        self._pins = pins
        self._pinnable = pinnable
        self._limits = limits
        self._clock = clock
        self._news = news
        self._heard: NewsHead | None = None
        self._known: dict[str, set[str]] = {}
        self._used: dict[str, datetime] = {}
        self._detecting = detecting
        # How many lines after that place were looked at for attacks already.
        self._looked: tuple[LogPosition | None, int] = (None, 0)

    async def step(self) -> bool:
        """Counts a block; whether there was any line. Raises `StoreUnavailable`, and `OSError`.

        Pins come first: they may be set twice, and counts may not.
        """
        before = await self._usage.position(self._name)
        file, offset = (None, 0) if before is None else (before.file, before.offset)
        read = await asyncio.to_thread(read_on, self._log, file, offset)
        if read is None:
            return False
        after = LogPosition(file=read.file, offset=read.offset)
        if after == before:
            return False
        requests = await asyncio.to_thread(_requests, read)
        await self._pin(requests)
        now, costs, uses = self._clock(), spent(requests), self._new_uses(requests)
        await self._detect(requests, before, uses)
        limits = await self._limits({key.holder for key in costs})
        counted = await self._usage.add(
            self._name,
            before,
            after,
            rolled_up(requests),
            now.date(),
            uses,
            Spending(requests=costs, limits=limits, at=now),
        )
        if counted is not None:
            self._used.update(uses)
            for event in counted.told:
                _log(event)
        return bool(read.lines)

    async def _detect(
        self,
        requests: list[LoggedRequest],
        before: LogPosition | None,
        uses: Mapping[str, datetime],
    ) -> None:
        """Looks for attacks before uses are written: then it is known when a key was used before.
        Lines that are read again, since they could not be counted, are not looked at again."""
        if self._detecting is None:
            return
        unheard = [key for key in uses if key not in self._used]
        last_uses = await self._detecting.last_uses(unheard)
        place, number = self._looked
        new = requests[number if place == before else 0 :]
        self._looked = (before, len(requests))
        await self._detecting(new, last_uses)

    def _new_uses(self, requests: list[LoggedRequest]) -> dict[str, datetime]:
        """The last uses that are not written yet: at most one a key and minute."""
        if len(self._used) > _MOST_KNOWN:
            self._used.clear()
        found = last_uses(requests)
        return {key: at for key, at in found.items() if at > self._used.get(key, _LONG_AGO)}

    async def _pin(self, requests: list[LoggedRequest]) -> None:
        await self._hear()
        first: dict[tuple[str, str], PinRecord] = {}
        for r in requests:
            if r.is_test or r.application is None or r.api is None or r.version is None:
                continue
            key = (r.application, r.api)
            if r.api not in self._known.get(r.application, ()) and key not in first:
                first[key] = PinRecord(
                    application=r.application,
                    api=r.api,
                    version=r.version,
                    at=r.time,
                    who=FIRST_CALL,
                )
        if not first:
            return
        pinnable = await self._pinnable()
        new = [p for p in first.values() if p.version in pinnable.get(p.api, ())]
        late: set[PinRecord] = set()
        for first_of in range(0, len(new), _MOST_PINS):
            if first_of:
                await asyncio.sleep(_SECONDS_BETWEEN_PINS)
            late.update(await self._pins.pin_first(new[first_of : first_of + _MOST_PINS]))
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        for pin in new:
            if pin not in late:
                self._known.setdefault(pin.application, set()).add(pin.api)

    async def _hear(self) -> None:
        """Forgets the applications of which there is news: somebody may have unpinned them."""
        head, heard = await self._news.latest_news(), self._heard
        if head == heard:
            return
        is_short = (
            heard is not None
            and head.epoch == heard.epoch
            and 0 <= head.latest - heard.latest <= _MOST_NEWS
        )
        if heard is None or not is_short:
            self._known.clear()
        else:
            for news in await self._news.news_since(heard.latest, up_to=head.latest):
                if news.kind is NewsKind.APPLICATION:
                    self._known.pop(news.subject, None)
        self._heard = head

    async def keep(self) -> None:
        """Counts for ever. While that fails, what was logged waits in the log."""
        is_failing = False
        while True:
            try:
                is_more = await self.step()
            except (StoreUnavailable, OSError) as error:
                if not is_failing:
                    _LOG.error("what is called is not counted", because=str(error))
                is_failing, is_more = True, False
            else:
                is_failing = False
            await asyncio.sleep(_SECONDS_IN_ARREARS if is_more else _SECONDS)


def _log(event: QuotaEvent) -> None:
    is_spent = event.percent == SPENT
    log, says = (_LOG.warning, "is used up") if is_spent else (_LOG.info, "will be used up")
    log(
        f"a quota {says}",
        holder=event.holder,
        window=event.window.value,
        percent=event.percent,
        limit=event.limit,
    )


def _requests(read: Read) -> list[LoggedRequest]:
    return [r for r in map(logged_request, read.lines) if r is not None]
