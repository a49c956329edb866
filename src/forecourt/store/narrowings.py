"""What was narrowed by hand, and what must not come back by itself."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, insert, select

from forecourt.actions.audit import AuditedAct, Deed
from forecourt.actions.record import Record
from forecourt.actions.revision import Narrowing
from forecourt.estate.audience import Audience
from forecourt.store.audit import Acting, AuditLog
from forecourt.store.database import Database
from forecourt.store.schema import narrowings, rejected_parts


class SqlNarrowings:
    """Standing narrowings, kept in a database: at most one an API."""

    def __init__(self, database: Database, audit: AuditLog) -> None:
        self._database = database
        self._audit = audit

    async def narrow(self, narrowing: Narrowing) -> None:
        """Put it in force, in place of an earlier one of the same API."""
        row = {
            "api": narrowing.api,
            "audience": narrowing.audience.value,
            "at": narrowing.at,
            "who": narrowing.who,
            "because": narrowing.because,
        }
        record = Record(at=narrowing.at, who=narrowing.who, because=narrowing.because)
        async with self._audit.acting() as act:
            before = await _end(act, narrowing.api)
            await act.connection.execute(insert(narrowings), row)
            await act.record(
                AuditedAct(
                    deed=Deed.NARROWING_SET,
                    subject=f"api/{narrowing.api}",
                    record=record,
                    before={"audience": before},
                    after={"audience": narrowing.audience.value},
                )
            )

    async def lift(self, api: str, record: Record) -> None:
        """End it; nothing where there was none."""
        async with self._audit.acting() as act:
            if before := await _end(act, api):
                await act.record(
                    AuditedAct(
                        deed=Deed.NARROWING_LIFT,
                        subject=f"api/{api}",
                        record=record,
                        before={"audience": before},
                        after={"audience": None},
                    )
                )

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


async def _end(act: Acting, api: str) -> str | None:
    """Ends the narrowing of an API; the audience that it had narrowed to."""
    its = narrowings.c.api == api
    ended = await act.connection.execute(
        delete(narrowings).where(its).returning(narrowings.c.audience)
    )
    return ended.scalar_one_or_none()


class SqlRejectedParts:
    """Content that was rolled back, as pairs of part and digest."""

    def __init__(self, database: Database, audit: AuditLog) -> None:
        self._database = database
        self._audit = audit

    async def reject(self, parts: Iterable[tuple[str, str]], record: Record) -> None:
        """From now on these do not publish themselves."""
        known = await self.rejected()
        new = [pair for pair in dict.fromkeys(parts) if pair not in known]
        if new:
            rows = [{"part": part, "digest": digest} for part, digest in new]
            async with self._audit.acting() as act:
                await act.connection.execute(insert(rejected_parts), rows)
                for pair in new:
                    await act.record(_of_part(Deed.PART_REJECT, pair, record))

    async def accept(self, parts: Iterable[tuple[str, str]], record: Record) -> None:
        """Somebody wants them after all."""
        c = rejected_parts.c
        async with self._audit.acting() as act:
            for part, digest in parts:
                one = delete(rejected_parts).where(c.part == part, c.digest == digest)
                if (await act.connection.execute(one)).rowcount:
                    await act.record(_of_part(Deed.PART_ACCEPT, (part, digest), record))

    async def rejected(self) -> frozenset[tuple[str, str]]:
        """All of them."""
        rows = await self._database.rows(select(rejected_parts))
        return frozenset((row.part, row.digest) for row in rows)


def _of_part(deed: Deed, pair: tuple[str, str], record: Record) -> AuditedAct:
    part, digest = pair
    was, now = {"rejected": deed is Deed.PART_ACCEPT}, {"rejected": deed is Deed.PART_REJECT}
    return AuditedAct(
        deed=deed,
        subject=part,
        record=record,
        before={"digest": digest, **was},
        after={"digest": digest, **now},
    )
