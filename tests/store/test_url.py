"""Which database, from one line of text."""

from __future__ import annotations

import pytest

from forecourt.store.url import UnusableDatabaseUrl, database_url


@pytest.mark.parametrize(
    ("text", "driver", "database"),
    [
        ("sqlite:////var/lib/forecourt.db", "sqlite+aiosqlite", "/var/lib/forecourt.db"),
        ("sqlite:///here.db", "sqlite+aiosqlite", "here.db"),
        ("postgres://u:p@db.example/forecourt", "postgresql+asyncpg", "forecourt"),
        ("postgresql://db.example/forecourt", "postgresql+asyncpg", "forecourt"),
        ("postgresql+psycopg2://db.example/forecourt", "postgresql+asyncpg", "forecourt"),
    ],
)
def test_spells_it_for_the_library_that_connects(text: str, driver: str, database: str) -> None:
    url = database_url(text)
    assert (url.drivername, url.database) == (driver, database)


def test_reads_the_mode_of_encryption_under_its_usual_name() -> None:
    url = database_url("postgresql://db.example/forecourt?sslmode=verify-full&host=/run")
    assert dict(url.query) == {"host": "/run", "ssl": "verify-full"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mysql://u:hunter2@db.example/x", "`mysql` is not one of sqlite, postgresql"),
        ("not a url, hunter2", "it is not a URL"),
        ("postgresql://u:hunter2@db.example:port/x", "it is not a URL"),
        ("postgresql://u:hunter2@db.example", "it names no database"),
        ("sqlite://", "it names no database"),
    ],
)
def test_refuses_what_names_no_database_and_keeps_the_password(text: str, message: str) -> None:
    with pytest.raises(UnusableDatabaseUrl) as caught:
        database_url(text)
    assert message in str(caught.value)
    assert "hunter2" not in str(caught.value)
