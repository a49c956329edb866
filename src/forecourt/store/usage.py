"""How often versions were called, by day and caller."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, delete, func, insert, or_, select, text, update

from forecourt.actions.known_of_old import DaysCalled
from forecourt.actions.quota import Spending
from forecourt.actions.usage import DAYS_KEPT, NO_USES, Counted, LogPosition, Usage
from forecourt.store.database import Database
from forecourt.store.schema import credentials, ledger, usage_days, usage_positions
from forecourt.store.spending import spend
from forecourt.usage.rollup import UsageKey

_C = usage_days.c
# One statement for all that was counted, which both databases read: whoever revokes a key at this
# moment waits for the lock, and a thousand statements hold it for a second.
_MORE = text(
    "INSERT INTO usage_days (day, api, version, consumer, application, requests)"
    " VALUES (:day, :api, :version, :consumer, :application, :requests)"
    " ON CONFLICT (day, api, version, consumer, application)"
    " DO UPDATE SET requests = usage_days.requests + excluded.requests"
)
_POSITION = select(usage_positions).where(usage_positions.c.log == bindparam("log"))
_K = credentials.c
_USED = (
    update(credentials)
    .where(
        _K.id == bindparam("its_id"),
        or_(_K.last_used_at.is_(None), _K.last_used_at < bindparam("used")),
    )
    .values(last_used_at=bindparam("used"))
)
_OF = (
    select(
        _C.version,
        _C.consumer,
        _C.application,
        func.sum(_C.requests).label("requests"),
        func.max(_C.day).label("last"),
    )
    .where(_C.api == bindparam("api"), _C.day >= bindparam("since"), _C.day <= bindparam("until"))
    .group_by(_C.version, _C.consumer, _C.application)
)


_DAYS_OF = (
    select(
        _C.consumer,
        func.count(func.distinct(_C.day)).label("days"),
        func.min(_C.day).label("first"),
    )
    .where(
        _C.day >= bindparam("since"),
        _C.day <= bindparam("until"),
        _C.consumer.in_(bindparam("consumers", expanding=True)),
    )
    .group_by(_C.consumer)
)


class SqlUsage:
    """Counts, kept in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def position(self, log: str) -> LogPosition | None:
        """As `UsageStore` says."""
        row = await self._database.row(_POSITION, {"log": log})
        return None if row is None else LogPosition(file=row.file, offset=row.offset)

    async def add(
        self,
        log: str,
        before: LogPosition | None,
        after: LogPosition,
        counts: Mapping[UsageKey, int],
        today: date,
        last_uses: Mapping[str, datetime] = NO_USES,
        spending: Spending | None = None,
    ) -> Counted | None:
        """As `UsageStore` says."""
        async with self._database.writing() as connection:
            # Whoever counts at the same moment waits: two would insert one row twice.
            await connection.execute(update(ledger).values(news=ledger.c.news))
            row = (await connection.execute(_POSITION, {"log": log})).first()
            stands = None if row is None else LogPosition(file=row.file, offset=row.offset)
            if stands != before:
                return None
            position = {"log": log, "file": after.file, "offset": after.offset}
            await connection.execute(delete(usage_positions).where(usage_positions.c.log == log))
            await connection.execute(insert(usage_positions), position)
            if counts:
                rows = [{**_row(key), "requests": more} for key, more in sorted(counts.items())]
                await connection.execute(_MORE, rows)
            if last_uses:
                uses = [{"its_id": id, "used": at} for id, at in sorted(last_uses.items())]
                await connection.execute(_USED, uses)
            oldest = str(today - timedelta(days=DAYS_KEPT))
            await connection.execute(delete(usage_days).where(_C.day < oldest))
            told = () if spending is None else await spend(connection, spending)
        return Counted(told=told)

    async def of(self, api: str, *, since: date, until: date) -> tuple[Usage, ...]:
        """As `UsageStore` says."""
        asked = {"api": api, "since": str(since), "until": str(until)}
        rows = await self._database.rows(_OF, asked)
        return tuple(
            sorted(
                Usage(
                    version=row.version,
                    consumer=row.consumer,
                    application=row.application,
                    requests=int(row.requests),
                    last=date.fromisoformat(row.last),
                )
                for row in rows
            )
        )

    async def days_called(
        self, consumers: Collection[str], *, since: date, until: date
    ) -> Mapping[str, DaysCalled]:
        """As `PastCalls` says."""
        asked = {"since": str(since), "until": str(until), "consumers": sorted(consumers)}
        rows = await self._database.rows(_DAYS_OF, asked)
        return {
            row.consumer: DaysCalled(days=int(row.days), first=date.fromisoformat(row.first))
            for row in rows
        }


def _row(key: UsageKey) -> dict[str, str]:
    return {
        "day": str(key.day),
        "api": key.api,
        "version": key.version,
        "consumer": key.consumer,
        "application": key.application,
    }
