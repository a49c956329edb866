"""What was spent of quotas, and what was told of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import and_, bindparam, delete, insert, select, update
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
from forecourt.compiler.ir.callers import Limit
from forecourt.store.database import Database
from forecourt.store.news import add_news
from forecourt.store.schema import quota_days, quota_events
from forecourt.usage.spending import Holder

_D, _E = quota_days.c, quota_events.c
_MORE = (
    update(quota_days)
    .where(_D.holder == bindparam("its"), _D.day == bindparam("its_day"))
    .values(requests=_D.requests + bindparam("more"))
)
_OF = select(_D.day, _D.requests).where(
    _D.holder == bindparam("holder"), _D.day >= bindparam("since"), _D.day <= bindparam("until")
)
_IN = select(quota_days).where(_D.day >= bindparam("since"), _D.day <= bindparam("until"))
_EVENTS = select(quota_events).order_by(_E.at.desc(), _E.percent.desc(), _E.holder)
_KEY = ("holder", "window", "since", "limit", "percent")
_ONE = select(_E.holder).where(and_(*(_E[name] == bindparam(f"its_{name}") for name in _KEY)))


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
        return tuple(
            QuotaEvent(
                holder=row.holder,
                window=Window(row.window),
                since=date.fromisoformat(row.since),
                limit=row.limit,
                percent=row.percent,
                at=row.at,
            )
            for row in rows
        )


async def spend(connection: AsyncConnection, spending: Spending) -> tuple[QuotaEvent, ...]:
    """Adds up what was spent, in the transaction that counts it, and tells what that reached: each
    threshold once in a window. Whose quota it uses up is news for the edges."""
    for key, requests in sorted(spending.requests.items()):
        its = {"its": key.holder.id, "its_day": str(key.day)}
        changed = await connection.execute(_MORE, {**its, "more": requests})
        if not changed.rowcount:
            row = {"holder": key.holder.id, "day": str(key.day), "requests": requests}
            await connection.execute(insert(quota_days), row)
    oldest = str(spending.at.date() - timedelta(days=DAYS_KEPT))
    await connection.execute(delete(quota_days).where(_D.day < oldest))
    told: list[QuotaEvent] = []
    for holder, limit in sorted(spending.limits.items(), key=lambda its: its[0]):
        told += await _tell(connection, holder, limit, spending)
    return tuple(told)


async def _tell(
    connection: AsyncConnection, holder: Holder, limit: Limit, spending: Spending
) -> list[QuotaEvent]:
    day = spending.at.date()
    asked = {"holder": holder.id, **_month_until(day)}
    rows = (await connection.execute(_OF, asked)).all()
    new: list[QuotaEvent] = []
    for state in quota_states(limit, _added_up(((r.day, r.requests) for r in rows), day), day):
        for percent in state.reached:
            event = QuotaEvent(
                holder=holder.id,
                window=state.window,
                since=state.window.first(day),
                limit=state.limit,
                percent=percent,
                at=spending.at,
            )
            if not (await connection.execute(_ONE, _its(event))).first():
                await connection.execute(insert(quota_events), _row(event))
                new.append(event)
    if any(event.percent == SPENT for event in new):
        await add_news(connection, news_about(holder), holder.id, spending.at)
    return new


def _month_until(day: date) -> dict[str, str]:
    return {"since": str(Window.MONTH.first(day)), "until": str(day)}


def _added_up(days: Iterator[tuple[str, int]], today: date) -> Spent:
    requests = dict(days)
    return Spent(day=requests.get(str(today), 0), month=sum(requests.values()))


def _row(event: QuotaEvent) -> dict[str, object]:
    return {
        "holder": event.holder,
        "window": event.window.value,
        "since": str(event.since),
        "limit": event.limit,
        "percent": event.percent,
        "at": event.at,
    }


def _its(event: QuotaEvent) -> dict[str, object]:
    return {f"its_{name}": value for name, value in _row(event).items() if name in _KEY}
