"""Bring a database to the tables that this release reads."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from forecourt.actions.store_unavailable import StoreUnavailable
from forecourt.store.database import Database

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x666F7265  # any number that nobody else uses
# Where Alembic writes what was applied last.
_VERSIONS = "alembic_version"
_APPLIED = text("SELECT version_num FROM alembic_version")


async def migrate(database: Database) -> None:
    """Apply what is missing. Whoever starts at the same moment waits."""
    async with database.writing() as connection:
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # SQLite has locked the file already
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if _applied(connection) != [newest_migration()]:
        _apply(connection)


def newest_migration() -> str:
    """The number of the last one that this release has: that with which its file begins."""
    return max(p.name.partition("_")[0] for p in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def _applied(connection: Connection) -> list[str]:
    if not inspect(connection).has_table(_VERSIONS):
        return []
    return list(connection.execute(_APPLIED).scalars())


def _apply(connection: Connection) -> None:
    # Every verb would load it, and hardly any needs it.
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreUnavailable(
            "the database was written by a newer Forecourt; start that one, or restore a backup"
        ) from error
