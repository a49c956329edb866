"""Reads, each a single statement outside any transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import Row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.sql.selectable import TypedReturnsRows

from forecourt.store.sqlite import prepare_sqlite

_Statement = TypedReturnsRows[Any]
_Parameters = Mapping[str, object] | None
_Rows = list[Row[Any]]

_POOL: dict[str, Any] = {
    "isolation_level": "AUTOCOMMIT",
    "pool_size": 4,  # resolving is one indexed read; more connections would wait for the same core
    "max_overflow": 0,
    "pool_timeout": 5,
    "pool_reset_on_return": None,
}


class Reading(Protocol):
    """How statements are asked."""

    async def lookup(self, statement: _Statement, parameters: _Parameters) -> _Rows:
        """What a statement finds that looks up few rows by an index."""
        ...

    async def scan(self, statement: _Statement, parameters: _Parameters) -> _Rows:
        """What any statement finds."""
        ...

    async def close(self) -> None:
        """Give back every connection."""
        ...


class SqliteReading:
    """A lookup in SQLite is a function call of 60 µs, so it is made where it is needed: handing it
    to a thread and back makes that 200 µs, and 650 µs through the asyncio driver, which does so for
    each step (`bench/resolve.py`). Other reads may take longer and do go to a thread."""

    def __init__(self, url: URL) -> None:
        self._engine: Engine = create_engine(url.set(drivername="sqlite"), **_POOL)
        event.listen(self._engine, "connect", prepare_sqlite)

    async def lookup(self, statement: _Statement, parameters: _Parameters) -> _Rows:
        """At once."""
        return self._ask(statement, parameters)

    async def scan(self, statement: _Statement, parameters: _Parameters) -> _Rows:
        """In a thread."""
        return await asyncio.to_thread(self._ask, statement, parameters)

    async def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    def _ask(self, statement: _Statement, parameters: _Parameters) -> _Rows:
        with self._engine.connect() as connection:
            return list(connection.execute(statement, parameters).all())


class ServerReading:
    """Reads from a database across a connection."""

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(url, **_POOL, connect_args={"timeout": 5})

    async def lookup(self, statement: _Statement, parameters: _Parameters) -> _Rows:
        """Asked a second time where the server was restarted since the last."""
        try:
            return await self._ask(statement, parameters)
        except DBAPIError as error:
            if not error.connection_invalidated:  # else the pool has dropped every connection
                raise
            return await self._ask(statement, parameters)

    async def scan(self, statement: _Statement, parameters: _Parameters) -> _Rows:
        """The same."""
        return await self.lookup(statement, parameters)

    async def close(self) -> None:
        """Close each connection."""
        await self._engine.dispose()

    async def _ask(self, statement: _Statement, parameters: _Parameters) -> _Rows:
        async with self._engine.connect() as connection:
            return list((await connection.execute(statement, parameters)).all())
