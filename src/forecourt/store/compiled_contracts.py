"""Compiled contracts, by digest: what a revision needs to be served again."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, insert, select

from forecourt.store.database import Database
from forecourt.store.schema import compiled_contracts

_C = compiled_contracts.c
_KNOWN = select(_C.digest).where(_C.digest.in_(bindparam("digests", expanding=True)))
_CONTENTS = _KNOWN.add_columns(_C.content)

# Databases bound how many values a statement may hold.
_AT_ONCE = 500


class SqlCompiledContracts:
    """What the edge loads of contracts, kept in a database. Nobody here looks into it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, contents: Mapping[str, bytes]) -> None:
        """Keeps those that are not there yet."""
        digests = sorted(contents)
        for some in _batches(digests):
            known = {row.digest for row in await self._database.rows(_KNOWN, {"digests": some})}
            new = [{"digest": d, "content": contents[d]} for d in some if d not in known]
            if new:
                async with self._database.writing() as connection:
                    await connection.execute(insert(compiled_contracts), new)

    async def of(self, digests: frozenset[str]) -> dict[str, bytes]:
        """Those of these that are there."""
        found: dict[str, bytes] = {}
        for some in _batches(sorted(digests)):
            rows = await self._database.rows(_CONTENTS, {"digests": some})
            found |= {row.digest: row.content for row in rows}
        return found


def _batches(digests: list[str]) -> list[list[str]]:
    return [digests[i : i + _AT_ONCE] for i in range(0, len(digests), _AT_ONCE)]
