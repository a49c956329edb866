"""Which database, from one line of text."""

from __future__ import annotations

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}


class UnusableDatabaseUrl(ValueError):
    """The text names no database that Forecourt can use. Its message leaves the text out, which
    may hold a password."""


def database_url(text: str) -> URL:
    """The address of a database, as the libraries that connect to it want it spelled.

    `sqlite:///relative.db`, `sqlite:////absolute.db`, `postgresql://user:password@host/name`; also
    with `?host=` for a folder with a Unix socket, and `?sslmode=`.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise UnusableDatabaseUrl("it is not a URL") from None
    driver = _DRIVERS.get(url.drivername.partition("+")[0])
    if driver is None:
        raise UnusableDatabaseUrl(
            f"`{url.drivername}` is not one of sqlite, postgresql; start the URL with one of them"
        )
    if not url.database:
        raise UnusableDatabaseUrl("it names no database; add one after the last `/`")
    if "sslmode" in url.query:  # libpq's name for what asyncpg calls `ssl`
        sslmode = url.query["sslmode"]
        url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": sslmode})
    return url.set(drivername=driver)
