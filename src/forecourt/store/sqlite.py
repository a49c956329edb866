"""How SQLite must be spoken to."""

from __future__ import annotations

import sqlite3

from sqlalchemy.engine import Connection

_MILLISECONDS_TO_WAIT = 5000


def prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """For each new connection."""
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_MILLISECONDS_TO_WAIT}")
    cursor.execute("PRAGMA journal_mode = WAL")  # readers go on while somebody writes
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def take_the_lock(connection: Connection) -> None:
    """At the beginning of a transaction that writes: a lock that is taken midway, after others have
    written, fails without waiting."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
