"""What the edges should forget, in the order it happened."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from forecourt.actions.announce import News, NewsHead, NewsKind
from forecourt.store.database import Database
from forecourt.store.ledger import next_number
from forecourt.store.schema import ledger, news

_HEAD = select(ledger.c.epoch, ledger.c.news)
_SINCE = (
    select(news)
    .where(news.c.sequence > bindparam("since"), news.c.sequence <= bindparam("up_to"))
    .order_by(news.c.sequence)
)


async def add_news(connection: AsyncConnection, kind: NewsKind, subject: str, at: datetime) -> None:
    """Write it in the transaction that makes it true."""
    row = {
        "sequence": await next_number(connection, "news"),
        "at": at,
        "kind": kind.value,
        "subject": subject,
    }
    await connection.execute(insert(news), row)


class SqlNews:
    """The news, kept in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def latest_news(self) -> NewsHead:
        """Which database this is, and the number of its latest news (0: none yet)."""
        row = await self._database.row(_HEAD)
        assert row is not None, "the first migration writes it"
        return NewsHead(epoch=row.epoch, latest=row.news)

    async def news_since(self, sequence: int, *, up_to: int) -> tuple[News, ...]:
        """What happened after `sequence`, as far as `up_to`; oldest first."""
        found = await self._database.rows(_SINCE, {"since": sequence, "up_to": up_to})
        return tuple(
            News(sequence=row.sequence, at=row.at, kind=NewsKind(row.kind), subject=row.subject)
            for row in found
        )

    async def announce(self, kind: NewsKind, subject: str, at: datetime) -> None:
        """Add one that stands by itself; what comes with a change is written with it."""
        async with self._database.writing() as connection:
            await add_news(connection, kind, subject, at)
