"""The next number of a table whose numbers must appear in order."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from forecourt.store.schema import ledger


async def next_number(connection: AsyncConnection, of: Literal["news", "revisions"]) -> int:
    """One more than the last. Nobody else takes one until this transaction ends."""
    column = ledger.c[of]
    statement = update(ledger).values({column: column + 1}).returning(column)
    number: int = (await connection.execute(statement)).scalar_one()
    return number
