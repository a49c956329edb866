"""Open a store, and close it whatever happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import URL

from forecourt.store.compiled_contracts import SqlCompiledContracts
from forecourt.store.credentials import SqlCredentials
from forecourt.store.database import Database
from forecourt.store.leaks import SqlLeaks
from forecourt.store.migrate import migrate
from forecourt.store.narrowings import SqlNarrowings, SqlRejectedParts
from forecourt.store.news import SqlNews
from forecourt.store.pins import SqlPins
from forecourt.store.revisions import SqlRevisions
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
    usage: SqlUsage


@asynccontextmanager
async def opened_store(url: URL) -> AsyncIterator[Store]:
    """The store at that address, brought up to date. Raises `StoreUnavailable`."""
    database = Database(url)
    try:
        await migrate(database)
        yield Store(
            credentials=SqlCredentials(database),
            news=SqlNews(database),
            revisions=SqlRevisions(database),
            narrowings=SqlNarrowings(database),
            rejected_parts=SqlRejectedParts(database),
            compiled_contracts=SqlCompiledContracts(database),
            leaks=SqlLeaks(database),
            pins=SqlPins(database),
            usage=SqlUsage(database),
        )
    finally:
        await database.close()
