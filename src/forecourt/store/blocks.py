"""Addresses and callers that are refused, or slowed down, for a while."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.engine import Row

from forecourt.actions.audit import AuditedAct, Deed, Facts
from forecourt.actions.block import Block, Evidence, Measure, Target, TargetKind
from forecourt.actions.record import Record
from forecourt.edge.redaction import without_secrets
from forecourt.store.audit import AuditLog
from forecourt.store.database import Database
from forecourt.store.news import add_news
from forecourt.store.schema import blocks, ledger

_C = blocks.c
_IN_ORDER = select(blocks).order_by(_C.at, _C.id)
_STANDS = and_(_C.lifted_at.is_(None), or_(_C.until.is_(None), _C.until > bindparam("now")))
_STANDING = _IN_ORDER.where(_STANDS)
_STOOD = and_(
    or_(_C.lifted_at.is_(None), _C.lifted_at > bindparam("then")),
    or_(_C.until.is_(None), _C.until > bindparam("then")),
)
_SINCE = _IN_ORDER.where(or_(_C.at >= bindparam("then"), _STOOD))

# What ended is kept so long: it makes the next block longer, and says what happened.
KEPT = timedelta(days=30)


class SqlBlocks:
    """Blocks, kept in a database."""

    def __init__(self, database: Database, audit: AuditLog) -> None:
        self._database = database
        self._audit = audit

    async def standing(self, now: datetime) -> tuple[Block, ...]:
        """As `KnownBlocks` says."""
        return tuple(map(_block, await self._database.rows(_STANDING, {"now": now})))

    async def since(self, then: datetime) -> tuple[Block, ...]:
        """As `Blocks` says."""
        return tuple(map(_block, await self._database.rows(_SINCE, {"then": then})))

    async def add(self, blocks_: Iterable[Block]) -> None:
        """As `Blocks` says."""
        added = tuple(blocks_)
        if not added:
            return
        oldest = max(block.record.at for block in added) - KEPT
        gone = or_(_C.lifted_at <= oldest, _C.until <= oldest)
        async with self._audit.acting() as act:
            await act.connection.execute(delete(blocks).where(gone))
            await act.connection.execute(insert(blocks), [_row(block) for block in added])
            for block in added:
                target, record = block.target, block.record
                if block.measure.is_felt:
                    await add_news(act.connection, target.kind.news, target.id, record.at)
                await act.record(_audited(Deed.BLOCK_ADD, block, record))

    async def lift(self, ids: Iterable[str], record: Record) -> tuple[Block, ...]:
        """As `Blocks` says."""
        wanted = _STANDING.where(_C.id.in_(tuple(ids)))
        async with self._audit.acting() as act:
            # Whoever lifts at the same moment waits: it would be on the record twice.
            await act.connection.execute(update(ledger).values(news=ledger.c.news))
            found = await act.connection.execute(wanted, {"now": record.at})
            lifted = tuple(map(_block, found))
            for block in lifted:
                its = update(blocks).where(_C.id == block.id).values(lifted_at=record.at)
                await act.connection.execute(its)
                await add_news(act.connection, block.target.kind.news, block.target.id, record.at)
                await act.record(_audited(Deed.BLOCK_LIFT, block, record))
        return lifted


def _row(block: Block) -> dict[str, Any]:
    evidence = block.evidence
    return {
        "id": block.id,
        "kind": block.target.kind.value,
        "target": block.target.id,
        "measure": block.measure.value,
        "at": block.record.at,
        "who": block.record.who,
        "because": without_secrets(block.record.because),
        "until": block.until,
        "lifted_at": block.lifted_at,
        "detector": evidence and evidence.detector,
        "counted": evidence and evidence.counted,
        "seconds": evidence and evidence.seconds,
        "samples": evidence and " ".join(evidence.samples),
    }


def _block(row: Row[Any]) -> Block:
    evidence = None
    if row.detector is not None:
        evidence = Evidence(
            detector=row.detector,
            counted=int(row.counted),
            seconds=int(row.seconds),
            samples=tuple(row.samples.split()),
        )
    return Block(
        id=row.id,
        target=Target(kind=TargetKind(row.kind), id=row.target),
        measure=Measure(row.measure),
        record=Record(at=row.at, who=row.who, because=row.because),
        until=row.until,
        evidence=evidence,
        lifted_at=row.lifted_at,
    )


def _audited(deed: Deed, block: Block, record: Record) -> AuditedAct:
    its: Facts = {
        "id": block.id,
        "measure": block.measure.value,
        "until": None if block.until is None else block.until.isoformat(timespec="seconds"),
        "detector": None if block.evidence is None else block.evidence.detector,
    }
    is_added = deed is Deed.BLOCK_ADD
    return AuditedAct(
        deed=deed,
        subject=without_secrets(block.target.id),
        record=record,
        before={} if is_added else its,
        after=its if is_added else {},
    )
