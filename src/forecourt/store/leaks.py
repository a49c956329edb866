"""What upstreams sent beyond their contracts, counted by place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from forecourt.actions.audit import AuditedAct, Deed
from forecourt.actions.leak import Check, Leak, LeakCount, LeakKind, LeakPlace
from forecourt.actions.record import Record
from forecourt.store.audit import AuditLog
from forecourt.store.database import Database
from forecourt.store.schema import leaks, ledger

# So many places of an operation; upstreams choose their names, and there may be no end of them.
MOST_OF_OPERATION = 200

_C = leaks.c
_KEY = ("api", "version", "operation", "status", "kind", "place", "check")
_ONE = and_(*(_C[name] == bindparam(f"its_{name}") for name in _KEY))


class SqlLeaks:
    """Leaks, kept in a database: counts add up."""

    def __init__(self, database: Database, audit: AuditLog) -> None:
        self._database = database
        self._audit = audit

    async def add(self, counts: Sequence[LeakCount], at: datetime) -> None:
        """As `Leaks` says."""
        by_operation: dict[tuple[str, str, str], list[LeakCount]] = defaultdict(list)
        for count in counts:
            place = count.at
            by_operation[place.api, place.version, place.operation].append(count)
        async with self._database.writing() as connection:
            await _one_at_a_time(connection)
            for operation in sorted(by_operation):
                await _add(connection, operation, by_operation[operation], at)

    async def of(self, api: str, version: str | None = None) -> tuple[Leak, ...]:
        """As `Leaks` says."""
        rows = await self._database.rows(select(leaks).where(_of(api, version)))
        found = (
            Leak(at=_place(row), times=row.times, since=row.since, last=row.last) for row in rows
        )
        return tuple(sorted(found, key=lambda leak: leak.at))

    async def forget(self, api: str, version: str | None, record: Record) -> int:
        """As `Leaks` says."""
        async with self._audit.acting() as act:
            await _one_at_a_time(act.connection)
            count = (await act.connection.execute(delete(leaks).where(_of(api, version)))).rowcount
            if count:
                await act.record(
                    AuditedAct(
                        deed=Deed.LEAKS_FORGET,
                        subject=f"api/{api}" if version is None else f"api/{api}@{version}",
                        record=record,
                        before={"places": count},
                        after={"places": 0},
                    )
                )
            return count


async def _one_at_a_time(connection: AsyncConnection) -> None:
    """Whoever counts or forgets at the same moment waits: two would insert one row twice, or each
    hold what the other waits for."""
    await connection.execute(update(ledger).values(news=ledger.c.news))


def _of(api: str, version: str | None) -> ColumnElement[bool]:
    its = _C.api == api
    return its if version is None else and_(its, _C.version == version)


async def _add(
    connection: AsyncConnection,
    operation: tuple[str, str, str],
    counts: Iterable[LeakCount],
    at: datetime,
) -> None:
    api, version, name = operation
    where = and_(_of(api, version), _C.operation == name)
    known = {_place(row) for row in await connection.execute(select(leaks).where(where))}
    new: dict[LeakPlace, int] = defaultdict(int)
    more: dict[LeakPlace, int] = defaultdict(int)
    for count in counts:
        place = count.at
        is_known = place in known or place in new
        if not is_known and len(known) + len(new) >= MOST_OF_OPERATION:
            place = replace(place, status="-", kind=LeakKind.MORE.value, place="")
        (more if place in known else new)[place] += count.times
    if new:
        rows = [{**_row(p), "times": n, "since": at, "last": at} for p, n in sorted(new.items())]
        await connection.execute(insert(leaks), rows)
    for place, times in sorted(more.items()):
        its = {f"its_{key}": value for key, value in _row(place).items()}
        changed = update(leaks).where(_ONE).values(times=_C.times + times, last=at)
        await connection.execute(changed, its)


def _row(place: LeakPlace) -> Mapping[str, str]:
    return {name: getattr(place, name) for name in _KEY}


def _place(row: Row[Any]) -> LeakPlace:
    return LeakPlace(
        api=row.api,
        version=row.version,
        operation=row.operation,
        status=row.status,
        kind=row.kind,
        place=row.place,
        check=cast(Check, row.check),
    )
