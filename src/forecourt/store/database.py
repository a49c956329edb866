"""A database, reached one way whether it is SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.sql.selectable import TypedReturnsRows

from forecourt.store.reading import Reading, ServerReading, SqliteReading
from forecourt.store.sqlite import prepare_sqlite, take_the_lock, write_ahead
from forecourt.store.trouble import answering


class Database:
    """Reads outside transactions, writes inside one. Raises `StoreUnavailable`."""

    def __init__(self, url: URL) -> None:
        is_sqlite = url.get_backend_name() == "sqlite"
        self._reading: Reading = SqliteReading(url) if is_sqlite else ServerReading(url)
        self._writing = create_async_engine(
            url,
            pool_size=1,
            max_overflow=0,
            pool_timeout=10,
            pool_pre_ping=not is_sqlite,
            connect_args={"timeout": 5},
        )
        if is_sqlite:
            event.listen(self._writing.sync_engine, "connect", prepare_sqlite)
            event.listen(self._writing.sync_engine, "connect", write_ahead)
            event.listen(self._writing.sync_engine, "begin", take_the_lock)

    async def row(
        self, statement: TypedReturnsRows[Any], parameters: Mapping[str, object] | None = None
    ) -> Row[Any] | None:
        """The one row that is looked up by an index; None where there is none."""
        with answering():
            found = await self._reading.lookup(statement, parameters)
        return found[0] if found else None

    async def few(
        self, statement: TypedReturnsRows[Any], parameters: Mapping[str, object] | None = None
    ) -> list[Row[Any]]:
        """The few rows that are looked up by an index."""
        with answering():
            return await self._reading.lookup(statement, parameters)

    async def rows(
        self, statement: TypedReturnsRows[Any], parameters: Mapping[str, object] | None = None
    ) -> list[Row[Any]]:
        """Everything that a statement finds."""
        with answering():
            return await self._reading.scan(statement, parameters)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: all of it, or nothing."""
        with answering():
            async with self._writing.begin() as connection:
                yield connection

    async def close(self) -> None:
        """Give back every connection."""
        await self._reading.close()
        await self._writing.dispose()
