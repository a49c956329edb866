"""What was spent of quotas, and what was told of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, text
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from forecourt.actions.quota import (
    DAYS_KEPT,
    SPENT,
    QuotaEvent,
    Spending,
    Spent,
    Window,
    news_about,
    quota_states,
)
from forecourt.store.database import Database
from forecourt.store.news import add_news
from forecourt.store.schema import quota_days, quota_events
from forecourt.usage.spending import Holder

_D, _E = quota_days.c, quota_events.c
# One statement for all that was counted, which both databases read, as for what was called.
_MORE = text(
    "INSERT INTO quota_days (holder, day, requests) VALUES (:holder, :day, :requests)"
    " ON CONFLICT (holder, day) DO UPDATE SET requests = quota_days.requests + excluded.requests"
)
_OF = select(_D.day, _D.requests).where(
    _D.holder == bindparam("holder"), _D.day >= bindparam("since"), _D.day <= bindparam("until")
)
_IN = select(quota_days).where(_D.day >= bindparam("since"), _D.day <= bindparam("until"))
_EVENTS = select(quota_events).order_by(_E.at.desc(), _E.percent.desc(), _E.holder)
_OF_SOME = _IN.where(_D.holder.in_(bindparam("holders", expanding=True)))
_TOLD = select(quota_events).where(
    _E.holder.in_(bindparam("holders", expanding=True)), _E.since >= bindparam("since")
)
# SQLite takes so many values in a statement, and more.
_AT_ONCE = 500


class SqlSpending:
    """What was spent, kept in a database; `spend` adds to it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def spent(self, holder: str, day: date) -> Spent:
        """As `KnownSpending` says."""
        asked = {"holder": holder, **_month_until(day)}
        rows = await self._database.few(_OF, asked)
        return _added_up(((row.day, row.requests) for row in rows), day)

    async def spent_by_all(self, day: date) -> dict[str, Spent]:
        """Of everybody who called in that day's month, by holder."""
        found: dict[str, list[tuple[str, int]]] = {}
        for row in await self._database.rows(_IN, _month_until(day)):
            found.setdefault(row.holder, []).append((row.day, row.requests))
        return {holder: _added_up(iter(days), day) for holder, days in found.items()}

    async def events(self, *, most: int) -> tuple[QuotaEvent, ...]:
        """What was told of quotas, the newest first."""
        rows = await self._database.rows(_EVENTS.limit(most))
        return tuple(map(_event, rows))


async def spend(connection: AsyncConnection, spending: Spending) -> tuple[QuotaEvent, ...]:
    """Adds up what was spent, in the transaction that counts it, and tells what that reached: each
    threshold once in a window. Whose quota it uses up is news for the edges."""
    rows = [
        {"holder": key.holder.id, "day": str(key.day), "requests": requests}
        for key, requests in sorted(spending.requests.items())
    ]
    if rows:
        await connection.execute(_MORE, rows)
    oldest = str(spending.at.date() - timedelta(days=DAYS_KEPT))
    await connection.execute(delete(quota_days).where(_D.day < oldest))
    told: list[QuotaEvent] = []
    holders = sorted(spending.limits)
    for first in range(0, len(holders), _AT_ONCE):
        told += await _tell(connection, holders[first : first + _AT_ONCE], spending)
    return tuple(told)


async def _tell(
    connection: AsyncConnection, holders: Sequence[Holder], spending: Spending
) -> list[QuotaEvent]:
    reached = await _reached(connection, holders, spending)
    if not reached:
        return []
    asked = {
        "holders": sorted({event.holder for event in reached}),
        "since": str(Window.MONTH.first(spending.at.date())),
    }
    told = (await connection.execute(_TOLD, asked)).all()
    known = {replace(_event(row), at=spending.at) for row in told}
    new = [event for event in reached if event not in known]
    if new:
        await connection.execute(insert(quota_events), [_row(event) for event in new])
    stopped = {event.holder for event in new if event.percent == SPENT}
    for holder in (h for h in holders if h.id in stopped):
        await add_news(connection, news_about(holder), holder.id, spending.at)
    return new


async def _reached(
    connection: AsyncConnection, holders: Sequence[Holder], spending: Spending
) -> list[QuotaEvent]:
    """The shares that they are at or above, told before or not."""
    day = spending.at.date()
    asked = {"holders": [holder.id for holder in holders], **_month_until(day)}
    days: dict[str, list[tuple[str, int]]] = {}
    for row in await connection.execute(_OF_SOME, asked):
        days.setdefault(row.holder, []).append((row.day, row.requests))
    return [
        QuotaEvent(
            holder=holder.id,
            window=state.window,
            since=state.window.first(day),
            limit=state.limit,
            percent=percent,
            at=spending.at,
        )
        for holder in holders
        for state in quota_states(
            spending.limits[holder], _added_up(iter(days.get(holder.id, ())), day), day
        )
        for percent in state.reached
    ]


def _month_until(day: date) -> dict[str, str]:
    return {"since": str(Window.MONTH.first(day)), "until": str(day)}


def _added_up(days: Iterator[tuple[str, int]], today: date) -> Spent:
    requests = dict(days)
    return Spent(day=requests.get(str(today), 0), month=sum(requests.values()))


def _event(row: Row[Any]) -> QuotaEvent:
    return QuotaEvent(
        holder=row.holder,
        window=Window(row.window),
        since=date.fromisoformat(row.since),
        limit=row.limit,
        percent=row.percent,
        at=row.at,
    )


def _row(event: QuotaEvent) -> dict[str, object]:
    return {
        "holder": event.holder,
        "window": event.window.value,
        "since": str(event.since),
        "limit": event.limit,
        "percent": event.percent,
        "at": event.at,
    }
