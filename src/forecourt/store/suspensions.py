"""Callers that are stopped for a while."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, delete, insert, select, update

from forecourt.actions.audit import AuditedAct, Deed
from forecourt.actions.record import Record
from forecourt.actions.suspension import Caller, Suspension
from forecourt.edge.redaction import without_secrets
from forecourt.store.audit import AuditLog
from forecourt.store.database import Database
from forecourt.store.news import add_news
from forecourt.store.schema import ledger, suspensions

_C = suspensions.c
_ALL = select(suspensions).order_by(_C.is_owner, _C.caller)


class SqlSuspensions:
    """Suspensions in force, kept in a database: at most one a caller."""

    def __init__(self, database: Database, audit: AuditLog) -> None:
        self._database = database
        self._audit = audit

    async def standing(self) -> tuple[Suspension, ...]:
        """As `Suspensions` says."""
        rows = await self._database.rows(_ALL)
        return tuple(
            Suspension(
                caller=Caller(id=row.caller, is_owner=row.is_owner),
                record=Record(at=row.at, who=row.who, because=row.because),
            )
            for row in rows
        )

    async def suspend(self, suspension: Suspension) -> bool:
        """As `Suspensions` says."""
        caller, record = suspension.caller, suspension.record
        row = {
            "is_owner": caller.is_owner,
            "caller": caller.id,
            "at": record.at,
            "who": record.who,
            "because": record.because,
        }
        async with self._audit.acting() as act:
            # Whoever does it at the same moment waits: two would insert one row twice.
            await act.connection.execute(update(ledger).values(news=ledger.c.news))
            if (await act.connection.execute(select(suspensions).where(_its(caller)))).first():
                return False
            await act.connection.execute(insert(suspensions), row)
            await add_news(act.connection, caller.news, caller.id, record.at)
            await act.record(_audited(Deed.CONSUMER_SUSPEND, caller, record))
            return True

    async def resume(self, caller: Caller, record: Record) -> bool:
        """As `Suspensions` says."""
        async with self._audit.acting() as act:
            gone = await act.connection.execute(delete(suspensions).where(_its(caller)))
            if gone.rowcount == 0:
                return False
            await add_news(act.connection, caller.news, caller.id, record.at)
            await act.record(_audited(Deed.CONSUMER_RESUME, caller, record))
            return True


def _its(caller: Caller) -> ColumnElement[bool]:
    return and_(_C.is_owner == caller.is_owner, _C.caller == caller.id)


def _audited(deed: Deed, caller: Caller, record: Record) -> AuditedAct:
    is_suspended = deed is Deed.CONSUMER_SUSPEND
    return AuditedAct(
        deed=deed,
        subject=without_secrets(caller.id),
        record=record,
        before={"is_suspended": not is_suspended},
        after={"is_suspended": is_suspended},
    )
