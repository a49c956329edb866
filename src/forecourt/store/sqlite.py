"""How SQLite must be spoken to."""

from __future__ import annotations

import asyncio
import sqlite3

from sqlalchemy.connectors.asyncio import AsyncAdapt_dbapi_connection
from sqlalchemy.engine import Connection

_MILLISECONDS_TO_WAIT = 5000
_MILLISECONDS_BETWEEN = 20


def prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """For each new connection."""
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_MILLISECONDS_TO_WAIT}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def write_ahead(connection: AsyncAdapt_dbapi_connection, _record: object) -> None:
    """For each new connection that writes: readers go on meanwhile. The file remembers it.

    While another writes to a file that does not know it yet, SQLite refuses at once, whatever
    `busy_timeout` says; so we wait here.
    """
    for _ in range(_MILLISECONDS_TO_WAIT // _MILLISECONDS_BETWEEN):
        if _writes_ahead(connection):
            return
        connection.run_async(lambda _: asyncio.sleep(_MILLISECONDS_BETWEEN / 1000))
    raise sqlite3.OperationalError("database is locked")


def _writes_ahead(connection: AsyncAdapt_dbapi_connection) -> bool:
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        return False
    finally:
        cursor.close()
    return True


def take_the_lock(connection: Connection) -> None:
    """At the beginning of a transaction that writes: a lock that is taken midway, after others have
    written, fails without waiting."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
