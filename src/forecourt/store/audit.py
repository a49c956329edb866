"""The audit log: an entry is written in the transaction of the act, or neither is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import Text, bindparam, insert, select, type_coerce, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from forecourt.actions.audit import AuditedAct, AuditEntry, AuditHead, beginning, entry
from forecourt.actions.store_unavailable import StoreUnavailable
from forecourt.actions.verify_audit import leads_on
from forecourt.store.audit_anchor import AuditAnchor, UnreadableAnchor
from forecourt.store.database import Database
from forecourt.store.schema import audit_log, ledger

_E, _L = audit_log.c, ledger.c
_HEAD = select(_L.epoch, _L.audit, _L.audit_head)
_NEXT = update(ledger).values(audit=_L.audit + 1).returning(_L.epoch, _L.audit, _L.audit_head)
# The time as it stands there: whoever verifies must read what somebody made no time of.
_ENTRIES = select(_E.number, type_coerce(_E.at, Text).label("at"), _E.what, _E.entry, _E.hash)
_OLDEST = _ENTRIES.order_by(_E.number).limit(bindparam("most"))
_AFTER = _OLDEST.where(_E.number > bindparam("after"))
_NO_TIME = datetime.min.replace(tzinfo=UTC)


class Acting:
    """A transaction in which something is done, on the record."""

    def __init__(self, connection: AsyncConnection, origin: str) -> None:
        self.connection = connection
        self._origin = origin
        self.before: AuditHead | None = None
        self.head: AuditHead | None = None

    async def record(self, act: AuditedAct) -> None:
        """Writes the entry. From here on until the transaction ends nobody else writes one, so
        that the chain never forks."""
        row = (await self.connection.execute(_NEXT)).one()
        previous = row.audit_head or beginning(row.epoch)
        made = entry(act, number=row.audit, previous=previous, origin=self._origin)
        await self.connection.execute(insert(audit_log), _row(made))
        await self.connection.execute(update(ledger).values(audit_head=made.hash))
        self.before = self.before or AuditHead(
            epoch=row.epoch, number=made.number - 1, hash=previous
        )
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
        if act.before is not None and act.head is not None:
            await self._keep(act.before, act.head)

    async def record(self, act: AuditedAct) -> None:
        """Writes an act that changes nothing else in the store."""
        async with self.acting() as acting:
            await acting.record(act)

    async def head(self) -> AuditHead:
        """Where the log ends by what the database counts."""
        row = await self._database.row(_HEAD)
        if row is None:  # the first migration wrote it: somebody took it out
            return AuditHead(epoch="", number=0, hash=beginning(""))
        hash = row.audit_head or beginning(row.epoch)
        return AuditHead(epoch=row.epoch, number=row.audit, hash=hash)

    async def entries_after(self, number: int | None, *, most: int) -> tuple[AuditEntry, ...]:
        """The entries after that one (None: all that are there), in the order of their numbers."""
        if number is None:
            rows = await self._database.rows(_OLDEST, {"most": most})
        else:
            rows = await self._database.rows(_AFTER, {"after": number, "most": most})
        return tuple(map(_entry, rows))

    async def newest(
        self, *, most: int, since: datetime | None = None, what: str | None = None
    ) -> tuple[AuditEntry, ...]:
        """The last entries, newest first; `what` is a deed, or the word before its dot."""
        found = _ENTRIES.order_by(_E.number.desc()).limit(most)
        if since is not None:
            found = found.where(_E.at >= since)
        if what is not None:
            found = found.where((_E.what == what) | _E.what.startswith(f"{what}.", autoescape=True))
        return tuple(map(_entry, await self._database.rows(found)))

    async def _keep(self, before: AuditHead, head: AuditHead) -> None:
        """The act is done by now, so that what cannot be anchored is only said."""
        if self._anchor is None:
            return
        because: object
        try:
            if await self._goes_on(self._anchor.known(), before, head):
                self._anchor.keep(head)
                return
            because = "it does not go on from what the anchor names; see `forecourt audit verify`"
        except (OSError, UnreadableAnchor, StoreUnavailable) as error:
            because = error
        structlog.get_logger().error(
            "cannot anchor the audit log", because=str(because), number=head.number
        )

    async def _goes_on(self, known: AuditHead | None, before: AuditHead, head: AuditHead) -> bool:
        """Whether the anchor may move: else a log that was cut off would only have to grow past it,
        and one whose anchor was taken away would get another."""
        if known is None:
            return before.number == 0
        if known.epoch != head.epoch or known.number >= head.number:
            return known.epoch == head.epoch and await self._holds(known)
        return known == before or await leads_on(self, known, head)

    async def _holds(self, known: AuditHead) -> bool:
        """Whether the entry is there; others may have written it since."""
        found = await self.entries_after(known.number - 1, most=1)
        return [(each.number, each.hash) for each in found] == [(known.number, known.hash)]


def _row(made: AuditEntry) -> dict[str, object]:
    return {
        "number": made.number,
        "at": made.at,
        "what": made.what,
        "entry": made.text,
        "hash": made.hash,
    }


def _entry(row: Row[Any]) -> AuditEntry:
    """As it stands there, whatever somebody put in its place."""
    return AuditEntry(
        number=row.number,
        at=_moment(row.at),
        what=str(row.what),
        text=str(row.entry),
        hash=str(row.hash),
    )


def _moment(at: object) -> datetime:
    """SQLite keeps a text, without its zone."""
    try:
        moment = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
    except ValueError:
        return _NO_TIME
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
