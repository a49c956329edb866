"""What was narrowed by hand, and what must not come back by itself."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, insert, select

from forecourt.actions.revision import Narrowing
from forecourt.estate.audience import Audience
from forecourt.store.database import Database
from forecourt.store.schema import narrowings, rejected_parts


class SqlNarrowings:
    """Standing narrowings, kept in a database: at most one an API."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def narrow(self, narrowing: Narrowing) -> None:
        """Put it in force, in place of an earlier one of the same API."""
        row = {
            "api": narrowing.api,
            "audience": narrowing.audience.value,
            "at": narrowing.at,
            "who": narrowing.who,
            "because": narrowing.because,
        }
        async with self._database.writing() as connection:
            await connection.execute(delete(narrowings).where(narrowings.c.api == narrowing.api))
            await connection.execute(insert(narrowings), row)

    async def lift(self, api: str) -> None:
        """End it; nothing where there was none."""
        async with self._database.writing() as connection:
            await connection.execute(delete(narrowings).where(narrowings.c.api == api))

    async def standing(self) -> tuple[Narrowing, ...]:
        """Every narrowing in force, by API."""
        rows = await self._database.rows(select(narrowings).order_by(narrowings.c.api))
        return tuple(
            Narrowing(
                api=row.api,
                audience=Audience(row.audience),
                at=row.at,
                who=row.who,
                because=row.because,
            )
            for row in rows
        )


class SqlRejectedParts:
    """Content that was rolled back, as pairs of part and digest."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reject(self, parts: Iterable[tuple[str, str]]) -> None:
        """From now on these do not publish themselves."""
        known = await self.rejected()
        rows = [{"part": p, "digest": d} for p, d in dict.fromkeys(parts) if (p, d) not in known]
        if rows:
            async with self._database.writing() as connection:
                await connection.execute(insert(rejected_parts), rows)

    async def accept(self, parts: Iterable[tuple[str, str]]) -> None:
        """Somebody wants them after all."""
        c = rejected_parts.c
        async with self._database.writing() as connection:
            for part, digest in parts:
                await connection.execute(
                    delete(rejected_parts).where(c.part == part, c.digest == digest)
                )

    async def rejected(self) -> frozenset[tuple[str, str]]:
        """All of them."""
        rows = await self._database.rows(select(rejected_parts))
        return frozenset((row.part, row.digest) for row in rows)
