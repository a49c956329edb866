"""One suite over the store that forgets, SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from forecourt.store.opening import Store, opened_store
from forecourt.store.url import database_url
from tests.store.in_memory import InMemoryStore
from tests.store.postgres import running_postgres

_NUMBERS = count()

IN_POSTGRES = pytest.param(
    "postgres", marks=[pytest.mark.end_to_end, pytest.mark.xdist_group("postgres")]
)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a server, with `{}` for the database's name."""
    with running_postgres() as url:
        yield url


async def _new_postgres_database(server: str) -> str:
    name = f"forecourt_{next(_NUMBERS)}"
    connection = await asyncpg.connect(server.format("postgres"))
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return server.format(name)


@pytest.fixture(params=["sqlite", IN_POSTGRES])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "postgres":
        return await _new_postgres_database(request.getfixturevalue("postgres"))
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture(params=["memory", "sqlite", IN_POSTGRES])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[Store | InMemoryStore]:
    """An empty store."""
    if request.param == "memory":
        yield InMemoryStore()
        return
    url = f"sqlite:///{tmp_path}/store.db"
    if request.param == "postgres":
        url = await _new_postgres_database(request.getfixturevalue("postgres"))
    async with opened_store(database_url(url)) as opened:
        yield opened
