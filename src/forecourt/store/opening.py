"""Open a store, and close it whatever happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from forecourt.store.audit import AuditLog
from forecourt.store.audit_anchor import AuditAnchor
from forecourt.store.blocks import SqlBlocks
from forecourt.store.clients import SqlClients
from forecourt.store.compiled_contracts import SqlCompiledContracts
from forecourt.store.credentials import SqlCredentials
from forecourt.store.database import Database
from forecourt.store.leaks import SqlLeaks
from forecourt.store.migrate import migrate
from forecourt.store.narrowings import SqlNarrowings, SqlRejectedParts
from forecourt.store.news import SqlNews
from forecourt.store.pins import SqlPins
from forecourt.store.revisions import SqlRevisions
from forecourt.store.spending import SqlSpending
from forecourt.store.suspensions import SqlSuspensions
from forecourt.store.usage import SqlUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Everything that is kept."""

    credentials: SqlCredentials
    news: SqlNews
    revisions: SqlRevisions
    narrowings: SqlNarrowings
    rejected_parts: SqlRejectedParts
    compiled_contracts: SqlCompiledContracts
    leaks: SqlLeaks
    pins: SqlPins
    suspensions: SqlSuspensions
    blocks: SqlBlocks
    usage: SqlUsage
    clients: SqlClients
    spending: SqlSpending
    audit: AuditLog


@asynccontextmanager
async def opened_store(
    url: URL, *, origin: str = "", anchor: Path | None = None
) -> AsyncIterator[Store]:
    """The store at that address, brought up to date. Raises `StoreUnavailable`.

    `origin` is where acts of this process come from, for the audit log; `anchor` the file that
    remembers where the log ended (None: nothing does).
    """
    database = Database(url)
    audit = AuditLog(
        database, origin=origin, anchor=None if anchor is None else AuditAnchor(anchor)
    )
    try:
        await migrate(database)
        yield Store(
            credentials=SqlCredentials(database, audit),
            news=SqlNews(database),
            revisions=SqlRevisions(database, audit),
            narrowings=SqlNarrowings(database, audit),
            rejected_parts=SqlRejectedParts(database, audit),
            compiled_contracts=SqlCompiledContracts(database),
            leaks=SqlLeaks(database, audit),
            pins=SqlPins(database, audit),
            suspensions=SqlSuspensions(database, audit),
            blocks=SqlBlocks(database, audit),
            usage=SqlUsage(database),
            clients=SqlClients(database, audit),
            spending=SqlSpending(database),
            audit=audit,
        )
    finally:
        await database.close()
