"""The audit log: an entry is written in the transaction of the act, or neither is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from forecourt.actions.audit import AuditedAct, AuditEntry, AuditHead, beginning, entry
from forecourt.store.audit_anchor import AuditAnchor, UnreadableAnchor
from forecourt.store.database import Database
from forecourt.store.schema import audit_log, ledger

_E, _L = audit_log.c, ledger.c
_HEAD = select(_L.epoch, _L.audit, _L.audit_head)
_NEXT = update(ledger).values(audit=_L.audit + 1).returning(_L.epoch, _L.audit, _L.audit_head)
_AFTER = (
    select(audit_log)
    .where(_E.number > bindparam("after"))
    .order_by(_E.number)
    .limit(bindparam("most"))
)


class Acting:
    """A transaction in which something is done, on the record."""

    def __init__(self, connection: AsyncConnection, origin: str) -> None:
        self.connection = connection
        self._origin = origin
        self.head: AuditHead | None = None

    async def record(self, act: AuditedAct) -> None:
        """Writes the entry. From here on until the transaction ends nobody else writes one, so
        that the chain never forks."""
        row = (await self.connection.execute(_NEXT)).one()
        made = entry(
            act,
            number=row.audit,
            previous=row.audit_head or beginning(row.epoch),
            origin=self._origin,
        )
        await self.connection.execute(insert(audit_log), _row(made))
        await self.connection.execute(update(ledger).values(audit_head=made.hash))
        self.head = AuditHead(epoch=row.epoch, number=made.number, hash=made.hash)


class AuditLog:
    """The log of one database. `origin` is where this process acts from."""

    def __init__(self, database: Database, *, origin: str, anchor: AuditAnchor | None) -> None:
        self._database = database
        self._origin = origin
        self._anchor = anchor

    @asynccontextmanager
    async def acting(self) -> AsyncIterator[Acting]:
        """A transaction: all of it with its entries, or nothing."""
        async with self._database.writing() as connection:
            act = Acting(connection, self._origin)
            yield act
        if act.head is not None:
            self._keep(act.head)

    async def record(self, act: AuditedAct) -> None:
        """Writes an act that changes nothing else in the store."""
        async with self.acting() as acting:
            await acting.record(act)

    async def head(self) -> AuditHead:
        """Where the log ends by what the database counts."""
        row = await self._database.row(_HEAD)
        assert row is not None, "the first migration writes it"
        hash = row.audit_head or beginning(row.epoch)
        return AuditHead(epoch=row.epoch, number=row.audit, hash=hash)

    async def entries_after(self, number: int, *, most: int) -> tuple[AuditEntry, ...]:
        """The entries after that one, in the order of their numbers."""
        rows = await self._database.rows(_AFTER, {"after": number, "most": most})
        return tuple(map(_entry, rows))

    async def newest(
        self, *, most: int, since: datetime | None = None, what: str | None = None
    ) -> tuple[AuditEntry, ...]:
        """The last entries, newest first; `what` is a deed, or the word before its dot."""
        found = select(audit_log).order_by(_E.number.desc()).limit(most)
        if since is not None:
            found = found.where(_E.at >= since)
        if what is not None:
            found = found.where((_E.what == what) | _E.what.startswith(f"{what}.", autoescape=True))
        return tuple(map(_entry, await self._database.rows(found)))

    def _keep(self, head: AuditHead) -> None:
        """The act is done by now, so that what cannot be anchored is only said."""
        if self._anchor is None:
            return
        try:
            self._anchor.keep(head)
        except (OSError, UnreadableAnchor) as error:
            structlog.get_logger().error(
                "cannot anchor the audit log", because=str(error), number=head.number
            )


def _row(made: AuditEntry) -> dict[str, object]:
    return {
        "number": made.number,
        "at": made.at,
        "what": made.what,
        "entry": made.text,
        "hash": made.hash,
    }


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(number=row.number, at=row.at, what=row.what, text=row.entry, hash=row.hash)
