"""Publish what is declared: what is right and opens nothing moves, the rest keeps serving."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Protocol

from forecourt.actions.announce import NewsKind
from forecourt.actions.check_estate import Examined
from forecourt.actions.closings import closings
from forecourt.actions.errors_by_part import errors_by_part
from forecourt.actions.leak import Leaks
from forecourt.actions.parts import GATEWAY, api_part, declared_parts, edge_of, gateway_of
from forecourt.actions.plan_publication import Held, Plan, Refused, Standing, plan
from forecourt.actions.published import PARTNER, PREFIX, callers_from_parts
from forecourt.actions.record import Record
from forecourt.actions.revision import NO_EFFECT, Effect, Narrowing, Revision, RevisionKind
from forecourt.actions.tightened import Tightened, tightened
from forecourt.compiler.ir.callers import Issuer
from forecourt.compiler.ir.edge import Edge, PublicKeys
from forecourt.compiler.reach import Reach
from forecourt.compiler.snapshot import snapshot
from forecourt.contract.hidden import shows
from forecourt.contract.reached import Members, Places
from forecourt.estate.audience import Audience

_NOTHING: Mapping[str, bytes] = MappingProxyType({})


class Revisions(Protocol):
    """Where revisions are kept."""

    async def newest(self) -> Revision | None:
        """The last one that was published."""
        ...

    async def parts(self, number: int) -> dict[str, str]:
        """The text of each part of a revision."""
        ...

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
        """Record a publication with the parts that it changed; None removes one."""
        ...


class Narrowings(Protocol):
    """What was narrowed by hand."""

    async def standing(self) -> tuple[Narrowing, ...]:
        """Every narrowing in force."""
        ...

    async def narrow(self, narrowing: Narrowing) -> None:
        """Puts one in force, in place of an earlier one of the same API."""
        ...

    async def lift(self, api: str, record: Record) -> None:
        """Ends it."""
        ...


class RejectedParts(Protocol):
    """What was rolled back."""

    async def rejected(self) -> frozenset[tuple[str, str]]:
        """(part, digest) pairs that do not publish themselves."""
        ...

    async def reject(self, parts: Iterable[tuple[str, str]], record: Record) -> None:
        """From now on these do not."""
        ...

    async def accept(self, parts: Iterable[tuple[str, str]], record: Record) -> None:
        """Somebody wants them after all."""
        ...


class Serving(Protocol):
    """The edge that serves a snapshot."""

    async def accept(self, files: Mapping[str, bytes]) -> None:
        """Makes sure that a snapshot can be served. Raises what says why not."""
        ...

    async def serve(
        self, digest: str, files: Mapping[str, bytes], contracts: frozenset[str]
    ) -> None:
        """Keep a snapshot on disk and serve it from now on. Raises `OSError`.

        `contracts` are the digests of the compiled contracts that it needs.
        """
        ...

    def lacking(self, contracts: frozenset[str]) -> frozenset[str]:
        """Which of these compiled contracts are not on its disk."""
        ...

    def take(self, contracts: Mapping[str, bytes]) -> None:
        """Puts compiled contracts on its disk, by digest. Raises `OSError`."""
        ...

    def served(self) -> str | None:
        """The digest that is served."""
        ...


class ContractContents(Protocol):
    """Where compiled contracts are kept, by digest: a revision can be served again at any time."""

    async def keep(self, contents: Mapping[str, bytes]) -> None:
        """Keeps those that are not there yet."""
        ...

    async def of(self, digests: frozenset[str]) -> dict[str, bytes]:
        """Those of these that are there."""
        ...


class ContractsLost(Exception):
    """Compiled contracts of a revision are nowhere any more; nothing was published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """What publishing needs of the world.

    `local`: mocks stand in for upstreams and listeners stay on loopback. `keys` finds the public
    keys of issuers; `provide` puts certificates where the edge looks for them.
    """

    revisions: Revisions
    narrowings: Narrowings
    rejected: RejectedParts
    contracts: ContractContents
    leaks: Leaks
    edge: Serving
    provide: Providing
    keys: PublicKeysOf
    lua_digest: str
    local: bool


class Providing(Protocol):
    """Brings the certificates of what is served up to date."""

    async def __call__(self, edge: Edge) -> None:
        """Before the edge is told: whoever is trusted by then is whom this edge trusts."""
        ...


class PublicKeysOf(Protocol):
    """Finds what signatures are checked against."""

    def __call__(self, issuers: Iterable[Issuer]) -> PublicKeys:
        """The keys of our own tokens, and of those issuers whose keys are known."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who publishes, when, why, and how it came about."""

    kind: RevisionKind
    at: datetime
    who: str
    because: str

    @property
    def record(self) -> Record:
        """What it leaves on the record."""
        return Record(at=self.at, who=self.who, because=self.because)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A new revision serves. `moved` are the parts that changed, `openings` what was opened.

    `tightened` are the APIs of which less leaves than before.
    """

    revision: Revision
    moved: tuple[str, ...]
    openings: tuple[Reach, ...]
    held: tuple[Held, ...]
    refused: tuple[Refused, ...]
    tightened: tuple[Tightened, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """What served before serves still: nothing that may move has changed."""

    held: tuple[Held, ...]
    refused: tuple[Refused, ...]


async def publish(
    examined: Examined, world: Publishing, act: Act, *, opened: frozenset[str] = frozenset()
) -> Published | Unchanged:
    """Publishes what may move. `opened`: parts that move although they open something.

    Raises `NothingToServe` where neither the estate nor a revision has a listener, and what the
    ports raise.
    """
    planned, narrowings = await planned_publication(
        examined, world, today=act.at.date(), opened=opened
    )
    edge = edge_of(planned.parts, narrowings)
    return await carry_out(planned, edge, world, act, fresh=examined.compiled.contents)


async def planned_publication(
    examined: Examined,
    world: Publishing,
    *,
    today: date,
    opened: frozenset[str] = frozenset(),
) -> tuple[Plan, Mapping[str, Audience]]:
    """What publishing would do on that day, and the narrowings it leaves in force."""
    newest = await world.revisions.newest()
    before = None if newest is None else await world.revisions.parts(newest.number)
    errors = errors_by_part(examined, before or {})
    wanted = declared_parts(examined, before or {}, local=world.local)
    for part in errors:
        # What could not be read did not go away: what served keeps serving.
        if before and part in before and part not in wanted:
            wanted[part] = before[part]
    narrowings = {
        n.api: n.audience
        for n in await world.narrowings.standing()
        if api_part(n.api) not in opened
    }
    standing = Standing(
        today=today,
        errors=errors,
        narrowings=narrowings,
        rejected=await world.rejected.rejected(),
        opened=opened,
        shows=_Shows(examined),
    )
    return plan(before, wanted, standing), narrowings


class _Shows:
    """What the contracts of an estate show; of one that was not read, everything."""

    def __init__(self, examined: Examined) -> None:
        self._contracts = {
            (name, version.name): examined.contracts.get(version.document or "")
            for name, api in examined.estate.apis.items()
            for version in api.versions
        }

    def thing(self, api: str, version: str, audience: Audience, key: str) -> bool:
        contract = self._contracts.get((api, version))
        return contract is None or shows(contract, audience, key)

    def places(self, api: str, version: str, audience: Audience) -> Members | None:
        contract = self._contracts.get((api, version))
        return None if contract is None else Places(contract, audience)


async def carry_out(
    planned: Plan,
    edge: Edge,
    world: Publishing,
    act: Act,
    *,
    fresh: Mapping[str, bytes] = _NOTHING,
    narrowed: Mapping[str, Audience] | None = None,
) -> Published | Unchanged:
    """Compiles, records and serves a plan; nothing of that if the edge would not change.

    `fresh` are contracts that were compiled for it, by digest; `narrowed` are the narrowings that
    stood before, where others stand by now.
    """
    await world.provide(edge)
    keys = world.keys(edge.callers.issuers)
    compiled = snapshot(edge, keys, lua_digest=world.lua_digest)
    if not planned.changed and compiled.digest == world.edge.served():
        return Unchanged(held=planned.held, refused=planned.refused)
    await world.edge.accept(compiled.files)
    await _bring_contracts(compiled.contracts, fresh, world)
    newest = await world.revisions.newest()
    before = {} if newest is None else await world.revisions.parts(newest.number)
    kind = act.kind if newest is not None else RevisionKind.FIRST
    if narrowed is None:
        narrowed = {n.api: n.audience for n in await world.narrowings.standing()}
    revision = await world.revisions.add(
        snapshot=compiled.digest,
        kind=kind,
        at=act.at,
        who=act.who,
        because=act.because,
        changed=planned.changed,
        news=await _news(planned.changed, edge, world, newest),
        effect=Effect(
            opened=tuple(map(str, planned.openings)),
            closed=closings(before, narrowed, edge, planned.changed, act.at.date()),
        ),
    )
    await world.edge.serve(compiled.digest, compiled.files, compiled.contracts)
    return Published(
        revision=revision,
        moved=tuple(sorted(planned.changed)),
        openings=planned.openings,
        held=planned.held,
        refused=planned.refused,
        tightened=await tightened(before, planned.changed, world.leaks),
    )


async def _bring_contracts(
    digests: frozenset[str], fresh: Mapping[str, bytes], world: Publishing
) -> None:
    """Keeps what was compiled, and gives the edge what it lacks."""
    await world.contracts.keep({d: fresh[d] for d in sorted(digests & fresh.keys())})
    lacking = world.edge.lacking(digests)
    kept = await world.contracts.of(lacking - fresh.keys()) if lacking - fresh.keys() else {}
    found = {**kept, **{d: fresh[d] for d in lacking & fresh.keys()}}
    if lost := lacking - found.keys():
        raise ContractsLost(f"no compiled contract {', '.join(sorted(lost))} is kept anywhere")
    world.edge.take(found)


async def _news(
    changed: Iterable[str], edge: Edge, world: Publishing, newest: Revision | None
) -> tuple[tuple[NewsKind, str], ...]:
    """What edges forget: answers about callers whose terms have changed. With the listeners comes
    which addresses are never blocked."""
    all_changed = frozenset(changed)
    parts = {part for part in all_changed if part.startswith(PREFIX)}
    if not all(part.startswith(PARTNER) for part in parts):
        return ((NewsKind.EVERYTHING, "-"),)
    if not parts and GATEWAY not in all_changed:
        return ()
    before = {} if newest is None else await world.revisions.parts(newest.number)
    then = gateway_of(before).never_blocked if before else ()
    spared = () if edge.gateway.never_blocked == then else ((NewsKind.ADDRESS, "-"),)
    # A contract may have moved to another id: keys of the one before count no more.
    partners = (*callers_from_parts(before).partners, *edge.callers.partners)
    ids = {partner.id for partner in partners if f"{PARTNER}{partner.name}" in parts}
    return (*spared, *((NewsKind.CONSUMER, f"partner:{id}") for id in sorted(ids)))
