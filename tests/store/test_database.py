"""What a store says when its database does not answer, and how it comes back."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text

from forecourt.actions.api_key import key_digest
from forecourt.actions.store_unavailable import StoreUnavailable
from forecourt.store.database import Database
from forecourt.store.moment import Moment
from forecourt.store.opening import opened_store
from forecourt.store.url import database_url
from tests.actions.builders import NOW, a_held_key, a_record, a_revocation


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all.db",
        "postgresql://nobody@127.0.0.1:1/none",
        "postgresql://nobody@/none?host=/nowhere",
    ],
)
async def test_says_that_it_cannot_be_reached(url: str) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        async with opened_store(database_url(url)):
            pass
    assert "\n" not in caught.value.because


async def test_says_that_a_file_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_text("Dear diary, " * 1000)
    with pytest.raises(StoreUnavailable, match="not a database"):
        async with opened_store(database_url(f"sqlite:///{tmp_path}/store.db")):
            pass


async def test_says_that_its_tables_are_gone(tmp_path: Path) -> None:
    async with opened_store(database_url(f"sqlite:///{tmp_path}/store.db")) as store:
        (tmp_path / "store.db").rename(tmp_path / "elsewhere.db")
        with pytest.raises(StoreUnavailable, match="no such table"):
            await store.credentials.held_key("0" * 64)


async def test_reads_while_somebody_else_writes(tmp_path: Path) -> None:
    key, held = a_held_key()
    async with opened_store(database_url(f"sqlite:///{tmp_path}/store.db")) as store:
        await store.credentials.add_key(held, key_digest(key), a_record())
        other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM credentials")
        assert await store.credentials.held_key(key_digest(key)) == held
        other.execute("ROLLBACK")
        other.close()


async def test_writes_all_or_nothing(url: str) -> None:
    async with opened_store(database_url(url)):
        database = Database(database_url(url))

        async def fail_midway() -> None:
            async with database.writing() as connection:
                await connection.execute(text("UPDATE ledger SET news = 7"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail_midway()
        row = await database.row(text("SELECT news FROM ledger").columns())
        assert row is not None
        assert row.news == 0
        await database.close()


@pytest.mark.end_to_end
@pytest.mark.xdist_group("postgres")
async def test_answers_again_after_the_server_has_dropped_it(postgres: str) -> None:
    admin = await asyncpg.connect(postgres.format("postgres"))
    await admin.execute("CREATE DATABASE dropped")
    key, held = a_held_key()
    async with opened_store(database_url(postgres.format("dropped"))) as store:
        await store.credentials.add_key(held, key_digest(key), a_record())
        digests = [key_digest(key)] * 8
        await asyncio.gather(*map(store.credentials.held_key, digests))  # fills the pool
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'dropped'"
        )
        assert await store.credentials.held_key(key_digest(key)) == held
        assert await store.credentials.revoke(held.credential.id, a_revocation()) is not None
    await admin.close()


def test_refuses_a_moment_without_a_zone() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        Moment().process_bind_param(NOW.replace(tzinfo=None), None)  # type: ignore[arg-type]
