"""What was published: each revision, and the parts it consists of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.engine import Row

from forecourt.actions.announce import NewsKind
from forecourt.actions.published import PREFIX, callers_from_parts
from forecourt.actions.revision import NO_EFFECT, Effect, Revision, RevisionKind, part_digest
from forecourt.compiler.ir.callers import Callers
from forecourt.store.audit import AuditLog
from forecourt.store.audited_revisions import revision_published
from forecourt.store.database import Database
from forecourt.store.ledger import next_number
from forecourt.store.news import add_news
from forecourt.store.schema import part_contents, revision_parts, revisions

_R, _P, _T = revisions.c, revision_parts.c, part_contents.c

_NEWEST = select(revisions).order_by(_R.number.desc()).limit(1)
_ONE = select(revisions).where(_R.number == bindparam("number"))
_NEWEST_BY = (
    select(revisions).where(_R.at <= bindparam("moment")).order_by(_R.number.desc()).limit(1)
)
_NEWEST_ON = (
    select(revisions)
    .join(revision_parts, _P.number == _R.number)
    .where(_P.part == bindparam("part"), _R.at <= bindparam("by"))
    .where(_R.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(_R.number.desc())
    .limit(1)
)
_HISTORY = select(revisions).order_by(_R.number.desc()).limit(bindparam("most"))
_CHANGED = select(_P.part).where(_P.number == bindparam("number")).order_by(_P.part)
_NEWEST_OF_EACH = (
    select(_P.part, func.max(_P.number).label("number"))
    .where(_P.number <= bindparam("number"))
    .group_by(_P.part)
    .subquery()
)
_DIGESTS = (
    select(_P.part, _P.digest)
    .join(
        _NEWEST_OF_EACH,
        (_P.part == _NEWEST_OF_EACH.c.part) & (_P.number == _NEWEST_OF_EACH.c.number),
    )
    .where(_P.digest.is_not(None))
    .order_by(_P.part)
)
_CONTENTS = _DIGESTS.add_columns(_T.content).join(part_contents, _P.digest == _T.digest)
_KNOWN = select(_T.digest).where(_T.digest.in_(bindparam("digests", expanding=True)))


class SqlRevisions:
    """Revisions, kept in a database. Part names are paths such as `api/payments`; content is JSON
    text, which nobody here looks into."""

    def __init__(self, database: Database, audit: AuditLog) -> None:
        self._database = database
        self._audit = audit

    async def add(
        self,
        *,
        snapshot: str,
        kind: RevisionKind,
        at: datetime,
        who: str,
        because: str,
        changed: Mapping[str, str | None],
        news: Iterable[tuple[NewsKind, str]] = (),
        effect: Effect = NO_EFFECT,
    ) -> Revision:
        """Record a publication with the parts that it changed; None removes one.

        `news` says what the edges must forget because of it (kind, subject); `effect` is
        for the audit log.
        """
        contents = {part_digest(c): c for c in changed.values() if c is not None}
        async with self._audit.acting() as act:
            connection = act.connection
            number = await next_number(connection, "revisions")
            revision = Revision(
                number=number, snapshot=snapshot, kind=kind, at=at, who=who, because=because
            )
            await connection.execute(insert(revisions), _revision_row(revision))
            known = await connection.execute(_KNOWN, {"digests": list(contents)})
            for digest in known.scalars():
                del contents[digest]
            if contents:
                new = [{"digest": d, "content": c} for d, c in contents.items()]
                await connection.execute(insert(part_contents), new)
            if changed:
                parts = [
                    {"part": p, "number": number, "digest": None if c is None else part_digest(c)}
                    for p, c in changed.items()
                ]
                await connection.execute(insert(revision_parts), parts)
            for what, subject in news:
                await add_news(connection, what, subject, at)
            before = (await connection.execute(_ONE, {"number": number - 1})).one_or_none()
            known_parts = await connection.execute(_DIGESTS, {"number": number - 1})
            digests_before = {row.part: row.digest for row in known_parts}
            await act.record(
                revision_published(
                    revision,
                    None if before is None else _revision(before),
                    parts_before={p: digests_before.get(p) for p in changed},
                    parts_after={
                        p: None if c is None else part_digest(c) for p, c in changed.items()
                    },
                    effect=effect,
                )
            )
        return revision

    async def newest(self) -> Revision | None:
        """The last one that was published."""
        row = await self._database.row(_NEWEST)
        return None if row is None else _revision(row)

    async def revision(self, number: int) -> Revision | None:
        """The one with that number."""
        row = await self._database.row(_ONE, {"number": number})
        return None if row is None else _revision(row)

    async def newest_by(self, moment: datetime) -> Revision | None:
        """The last one that had been published by a moment."""
        row = await self._database.row(_NEWEST_BY, {"moment": moment})
        return None if row is None else _revision(row)

    async def newest_on(
        self, part: str, *, kinds: frozenset[RevisionKind], by: datetime
    ) -> Revision | None:
        """The last one of these kinds that named the part, and was published by that moment."""
        asked = {"part": part, "kinds": sorted(k.value for k in kinds), "by": by}
        row = await self._database.row(_NEWEST_ON, asked)
        return None if row is None else _revision(row)

    async def history(self, *, most: int = 100) -> tuple[Revision, ...]:
        """The latest revisions, newest first."""
        return tuple(map(_revision, await self._database.rows(_HISTORY, {"most": most})))

    async def changed(self, number: int) -> tuple[str, ...]:
        """The parts that a revision changed, by name."""
        rows = await self._database.rows(_CHANGED, {"number": number})
        return tuple(row.part for row in rows)

    async def digests(self, number: int) -> dict[str, str]:
        """Which parts a revision consists of, with the digest of each."""
        rows = await self._database.rows(_DIGESTS, {"number": number})
        return {row.part: row.digest for row in rows}

    async def parts(self, number: int, *, prefix: str = "") -> dict[str, str]:
        """The text of each part of a revision; only those whose name begins with `prefix`."""
        statement = _CONTENTS
        if prefix:
            statement = statement.where(_P.part.startswith(prefix, autoescape=True))
        rows = await self._database.rows(statement, {"number": number})
        return {row.part: row.content for row in rows}

    async def published_callers(self) -> Callers:
        """Who may call by the newest revision; before the first, nobody is declared."""
        newest = await self.newest()
        if newest is None:
            return callers_from_parts({})
        return callers_from_parts(await self.parts(newest.number, prefix=PREFIX))


def _revision_row(revision: Revision) -> dict[str, object]:
    return {
        "number": revision.number,
        "snapshot": revision.snapshot,
        "kind": revision.kind.value,
        "at": revision.at,
        "who": revision.who,
        "because": revision.because,
    }


def _revision(row: Row[Any]) -> Revision:
    return Revision(
        number=row.number,
        snapshot=row.snapshot,
        kind=RevisionKind(row.kind),
        at=row.at,
        who=row.who,
        because=row.because,
    )
