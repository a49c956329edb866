"""A database, reached one way whether it is SQLite or PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.sql.selectable import TypedReturnsRows

from forecourt.actions.store_unavailable import StoreUnavailable

# Resolving a credential is one indexed read; more connections would wait for the same core.
_READERS = 4
_SECONDS_TO_WAIT = 5

_Parameters = Mapping[str, object]


class Database:
    """Reads outside transactions, writes inside one. `StoreUnavailable` where it does not answer.

    Two pools: a read is a single statement and needs no transaction around it; a write takes the
    lock of SQLite at its beginning, since one that is taken midway cannot be waited for.
    """

    def __init__(self, url: URL) -> None:
        is_sqlite = url.get_backend_name() == "sqlite"
        patience: dict[str, Any] = {"timeout": _SECONDS_TO_WAIT}
        self._reading = create_async_engine(
            url,
            isolation_level="AUTOCOMMIT",
            pool_size=_READERS,
            max_overflow=0,
            pool_timeout=_SECONDS_TO_WAIT,
            pool_reset_on_return=None,
            connect_args=patience,
        )
        self._writing = create_async_engine(
            url,
            pool_size=1,
            max_overflow=0,
            pool_timeout=2 * _SECONDS_TO_WAIT,
            pool_pre_ping=not is_sqlite,
            connect_args=patience,
        )
        if is_sqlite:
            for engine in (self._reading, self._writing):
                event.listen(engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self._writing.sync_engine, "begin", _take_the_lock)

    async def rows(
        self, statement: TypedReturnsRows[Any], parameters: _Parameters | None = None
    ) -> list[Row[Any]]:
        """Everything that one statement finds."""
        with _answering():
            try:
                return await _all(self._reading, statement, parameters)
            except DBAPIError as error:
                # The server was restarted since; the pool has dropped every connection to it.
                if not error.connection_invalidated:
                    raise
                return await _all(self._reading, statement, parameters)

    async def row(
        self, statement: TypedReturnsRows[Any], parameters: _Parameters | None = None
    ) -> Row[Any] | None:
        """The first that it finds."""
        found = await self.rows(statement, parameters)
        return found[0] if found else None

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: all of it, or nothing."""
        with _answering():
            async with self._writing.begin() as connection:
                yield connection

    async def close(self) -> None:
        """Give back every connection."""
        await self._reading.dispose()
        await self._writing.dispose()


async def _all(
    engine: AsyncEngine, statement: TypedReturnsRows[Any], parameters: _Parameters | None
) -> list[Row[Any]]:
    async with engine.connect() as connection:
        return list((await connection.execute(statement, parameters)).all())


@contextmanager
def _answering() -> Iterator[None]:
    """Troubles of the world under one name. A broken constraint or statement is our own mistake."""
    try:
        yield
    except (IntegrityError, ProgrammingError, DataError):
        raise
    except DBAPIError as error:
        raise StoreUnavailable(f"the database says: {_first_line(error.orig)}") from error
    except PoolTimeout as error:
        raise StoreUnavailable("every connection to the database is busy") from error
    except (OSError, TimeoutError) as error:
        raise StoreUnavailable(f"the database cannot be reached: {_first_line(error)}") from error


def _first_line(error: BaseException | None) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_SECONDS_TO_WAIT * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")  # readers go on while somebody writes
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _take_the_lock(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
