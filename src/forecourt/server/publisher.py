"""Publishes an estate's folder as it is on disk, and remembers what it read for the next time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from forecourt.actions.check_estate import Examined, examine
from forecourt.actions.compile_contracts import ContractCompiler
from forecourt.actions.estate_files import authority_digests, files_below
from forecourt.actions.narrow_api import NoSuchApi, NotNarrower, narrow_api
from forecourt.actions.open_parts import NotHeld, StillWrong, open_parts
from forecourt.actions.parts import declared_parts, edge_of
from forecourt.actions.plan_publication import Held
from forecourt.actions.progress import Progress, Unheard
from forecourt.actions.publish import (
    Act,
    Published,
    Publishing,
    Unchanged,
    planned_publication,
    publish,
)
from forecourt.actions.read_contracts import Reading
from forecourt.actions.revision import Narrowing, RevisionKind
from forecourt.actions.roll_back import NoSuchRevision, WouldOpen, roll_back
from forecourt.actions.served_versions import served_versions
from forecourt.compiler.ir.edge import Edge
from forecourt.compiler.snapshot import Snapshot, snapshot
from forecourt.contract import Contract
from forecourt.edge.locks import held
from forecourt.estate.audience import Audience
from forecourt.governance.rule import ServedVersion
from forecourt.source.estate import Files
from forecourt.source.folder import EstateFolder

T = TypeVar("T")

Served = Mapping[str, tuple[ServedVersion, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of looking at the folder: what is wrong, what was published, in which time."""

    examined: Examined
    files: Files
    outcome: Published | Unchanged
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where an estate is read from. `variables` are those that are set; None under `--local`."""

    estate: Path
    environment: str | None
    variables: frozenset[str] | None


class Publisher:
    """One estate's way to its edge. Only one process publishes at a time."""

    def __init__(
        self,
        sources: Sources,
        publishing: Publishing,
        *,
        lock: Path,
        clock: Callable[[], datetime],
        progress: Progress | None = None,
    ) -> None:
        self._sources = sources
        self._publishing = publishing
        self._lock = lock
        self._clock = clock
        self._progress = progress or Unheard()
        self._folder = EstateFolder(sources.estate)
        self._compiler = ContractCompiler()
        self._before: Examined | None = None
        self._contracts: dict[tuple[str, str], Contract] = {}

    def contract(self, api: str, version: str) -> Contract | None:
        """The last contract of a version that could be read."""
        return self._contracts.get((api, version))

    async def is_behind(self) -> bool:
        """Whether the edge serves something else than was recorded last: a step was cut short."""
        newest = await self._publishing.revisions.newest()
        return newest is not None and newest.snapshot != self._publishing.edge.served()

    def today(self) -> date:
        """The day as of which the estate is judged."""
        return self._clock().date()

    async def publish(self, *, who: str, because: str) -> Report:
        """Publishes what may move."""
        began = time.perf_counter()

        async def publication() -> Report:
            # Read under the lock: what was read before another's turn may be old by now.
            examined, files = await self.examine()
            act = self._act(RevisionKind.SAVE, who, because)
            outcome = await publish(examined, self._publishing, act)
            seconds = time.perf_counter() - began
            return Report(examined=examined, files=files, outcome=outcome, seconds=seconds)

        return await self._locked(publication)

    async def open(
        self, parts: frozenset[str], *, who: str, because: str
    ) -> Published | Unchanged | NotHeld | StillWrong:
        """Publishes these parts with what they open."""

        async def opening() -> Published | Unchanged | NotHeld | StillWrong:
            examined, _ = await self.examine()
            act = self._act(RevisionKind.OPEN, who, because)
            return await open_parts(examined, self._publishing, act, parts)

        return await self._locked(opening)

    async def roll_back(
        self, number: int, *, who: str, because: str, may_open: bool
    ) -> Published | Unchanged | NoSuchRevision | WouldOpen:
        """Serves an earlier revision again."""
        act = self._act(RevisionKind.ROLLBACK, who, because)
        return await self._locked(
            lambda: roll_back(number, self._publishing, act, may_open=may_open)
        )

    async def narrow(
        self, api: str, audience: Audience, *, who: str, because: str
    ) -> Published | Unchanged | NoSuchApi | NotNarrower:
        """Serves an API to this audience and narrower ones only."""
        act = self._act(RevisionKind.NARROW, who, because)
        return await self._locked(lambda: narrow_api(api, audience, self._publishing, act))

    async def waiting(self) -> tuple[tuple[Held, ...], tuple[Narrowing, ...]]:
        """What is held, and what was narrowed by hand."""
        with self._progress:
            examined, _ = await self.examine()
        planned, _ = await planned_publication(examined, self._publishing, today=self.today())
        return planned.held, await self._publishing.narrowings.standing()

    def compiled(self, examined: Examined) -> tuple[Edge, Snapshot]:
        """All that is declared, published or not. Raises `NothingToServe`."""
        publishing = self._publishing
        edge = edge_of(declared_parts(examined, {}, local=publishing.local), {})
        keys = publishing.keys(edge.callers.issuers)
        return edge, snapshot(edge, keys, lua_digest=publishing.lua_digest)

    async def examine(self) -> tuple[Examined, Files]:
        """Reads and judges the folder as it is now."""
        examined, files = await asyncio.to_thread(self._examined, await self._served())
        self._before = examined
        for name, api in examined.estate.apis.items():
            for version in api.versions:
                contract = examined.contracts.get(version.document or "")
                if contract is not None:
                    self._contracts[name, version.name] = contract
        return examined, files

    async def _served(self) -> Served:
        """What was published last."""
        revisions = self._publishing.revisions
        newest = await revisions.newest()
        return {} if newest is None else served_versions(await revisions.parts(newest.number))

    def _examined(self, served: Served) -> tuple[Examined, Files]:
        files, mistakes = self._folder.read()
        others = files_below(self._sources.estate)
        examined = examine(
            files,
            self._sources.environment,
            self.today(),
            mistakes=mistakes,
            others=others,
            variables=self._sources.variables,
            before=self._before,
            reading=Reading(progress=self._progress),
            served=served,
        )
        self._progress("compiling")
        digests = authority_digests(others)
        compiled = self._compiler.compile(examined.estate, examined.contracts)
        return replace(examined, digests=digests, compiled=compiled), files

    async def _locked(self, act: Callable[[], Coroutine[object, object, T]]) -> T:
        lock = held(self._lock, wait=True)
        with self._progress:
            await asyncio.to_thread(lock.__enter__)
            try:
                return await act()
            finally:
                lock.__exit__(None, None, None)

    def _act(self, kind: RevisionKind, who: str, because: str) -> Act:
        return Act(kind=kind, at=self._clock(), who=who, because=because)
