"""Which version applications get where they name none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from forecourt.actions.announce import NewsKind
from forecourt.actions.audit import AuditedAct, Deed
from forecourt.actions.pin import PinRecord
from forecourt.actions.record import Record
from forecourt.compiler.ir.callers import Pin
from forecourt.store.audit import AuditLog
from forecourt.store.database import Database
from forecourt.store.news import add_news
from forecourt.store.schema import ledger, pins

_C = pins.c
# An application that was unpinned keeps its row: it says which calls are older than that.
_UNPINNED = ""
_OF = (
    select(_C.api, _C.version)
    .where(_C.application == bindparam("application"), _C.version != _UNPINNED)
    .order_by(_C.api)
)
_ALL = select(pins).where(_C.version != _UNPINNED).order_by(_C.application, _C.api)


class SqlPins:
    """Pins, kept in a database: at most one of an application and an API."""

    def __init__(self, database: Database, audit: AuditLog) -> None:
        self._database = database
        self._audit = audit

    async def pins_of(self, application: str) -> tuple[Pin, ...]:
        """As `Pins` says."""
        rows = await self._database.few(_OF, {"application": application})
        return tuple(Pin(api=row.api, version=row.version) for row in rows)

    async def records(self) -> tuple[PinRecord, ...]:
        """As `Pins` says."""
        rows = await self._database.rows(_ALL)
        return tuple(
            PinRecord(
                application=row.application,
                api=row.api,
                version=row.version,
                at=row.at,
                who=row.who,
            )
            for row in rows
        )

    async def pin(self, record: PinRecord) -> None:
        """As `Pins` says."""
        async with self._audit.acting() as act:
            await _one_at_a_time(act.connection)
            before = await _version(act.connection, record.application, record.api)
            await _set(act.connection, record)
            await act.record(_audited(Deed.PIN_SET, record, before, record.version))

    async def pin_first(self, records: Sequence[PinRecord]) -> tuple[PinRecord, ...]:
        """As `Pins` says."""
        late = []
        async with self._database.writing() as connection:
            await _one_at_a_time(connection)
            for record in records:
                where = and_(_C.application == record.application, _C.api == record.api)
                known = (await connection.execute(select(pins).where(where))).first()
                if known is not None and known.version != _UNPINNED:
                    continue
                if known is not None and known.at >= record.at:
                    late.append(record)
                else:
                    await _set(connection, record)
        return tuple(late)

    async def unpin(self, application: str, api: str, at: datetime, who: str) -> bool:
        """As `Pins` says."""
        where = and_(_C.application == application, _C.api == api, _C.version != _UNPINNED)
        gone = update(pins).where(where).values(version=_UNPINNED, at=at, who=who)
        async with self._audit.acting() as act:
            await _one_at_a_time(act.connection)
            before = await _version(act.connection, application, api)
            changed = await act.connection.execute(gone)
            if changed.rowcount:
                await add_news(act.connection, NewsKind.APPLICATION, application, at)
                record = PinRecord(
                    application=application, api=api, version=_UNPINNED, at=at, who=who
                )
                await act.record(_audited(Deed.PIN_LIFT, record, before, None))
            return bool(changed.rowcount)


async def _one_at_a_time(connection: AsyncConnection) -> None:
    """Whoever pins at the same moment waits: two would insert one row twice."""
    await connection.execute(update(ledger).values(news=ledger.c.news))


async def _version(connection: AsyncConnection, application: str, api: str) -> str | None:
    """To which version it is pinned."""
    where = and_(_C.application == application, _C.api == api, _C.version != _UNPINNED)
    return (await connection.execute(select(_C.version).where(where))).scalar_one_or_none()


def _audited(deed: Deed, record: PinRecord, before: str | None, after: str | None) -> AuditedAct:
    return AuditedAct(
        deed=deed,
        subject=f"{record.application} of api/{record.api}",
        record=Record(at=record.at, who=record.who),
        before={"version": before},
        after={"version": after},
    )


async def _set(connection: AsyncConnection, record: PinRecord) -> None:
    where = and_(_C.application == record.application, _C.api == record.api)
    await connection.execute(delete(pins).where(where))
    await connection.execute(insert(pins), _row(record))
    await add_news(connection, NewsKind.APPLICATION, record.application, record.at)


def _row(record: PinRecord) -> Mapping[str, object]:
    return {
        "application": record.application,
        "api": record.api,
        "version": record.version,
        "at": record.at,
        "who": record.who,
    }
