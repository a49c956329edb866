"""Tables come from migrations, in every database, however often and by however many."""

from __future__ import annotations

import asyncio
import multiprocessing
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from forecourt.actions.store_unavailable import StoreUnavailable
from forecourt.store.database import Database
from forecourt.store.migrate import migrate, newest_migration
from forecourt.store.opening import opened_store
from forecourt.store.schema import metadata
from forecourt.store.url import database_url


async def test_makes_the_tables_that_the_code_reads(url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    async with opened_store(database_url(url)):
        database = Database(database_url(url))
        async with database.writing() as connection:
            assert await connection.run_sync(differences) == []
        await database.close()


async def test_leaves_a_database_that_is_up_to_date_alone(url: str) -> None:
    database = Database(database_url(url))
    await migrate(database)
    async with database.writing() as connection:
        await connection.execute(text("UPDATE ledger SET news = 41"))
    await migrate(database)
    row = await database.row(text("SELECT news FROM ledger").columns())
    assert row is not None
    assert row.news == 41
    await database.close()


async def test_what_is_applied_last_is_the_newest(url: str) -> None:
    database = Database(database_url(url))
    await migrate(database)
    row = await database.row(text("SELECT version_num FROM alembic_version").columns())
    assert row is not None
    assert row.version_num == newest_migration()
    await database.close()


async def test_refuses_a_database_of_a_newer_release(url: str) -> None:
    database = Database(database_url(url))
    await migrate(database)
    async with database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnavailable, match="newer Forecourt"):
        await migrate(database)
    await database.close()


def _open(url: str) -> None:
    async def run() -> None:
        async with opened_store(database_url(url)) as store:
            await store.news.latest_news()

    asyncio.run(run())


@pytest.mark.slow
def test_waits_for_another_process_that_migrates(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    start = multiprocessing.get_context("spawn").Process
    processes = [start(target=_open, args=(url,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [p.exitcode for p in processes] == [0, 0, 0]


async def test_waits_for_whoever_writes_to_a_new_file(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    database = Database(database_url(f"sqlite:///{tmp_path}/store.db"))
    migration = asyncio.create_task(migrate(database))
    await asyncio.sleep(0.2)
    assert not migration.done()
    other.execute("COMMIT")
    await migration
    assert other.execute("PRAGMA journal_mode").fetchall() == [("wal",)]
    await database.close()
    other.close()


@pytest.mark.end_to_end
@pytest.mark.xdist_group("postgres")
async def test_waits_for_another_connection_that_migrates(url: str) -> None:
    databases = [Database(database_url(url)) for _ in range(4)]
    await asyncio.gather(*map(migrate, databases))
    for database in databases:
        await database.close()
