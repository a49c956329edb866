"""What is said of a caller: what it may, what is left of it, and what was done about it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import UTC

from forecourt.actions.block import Block, Measure, Target, TargetKind
from forecourt.actions.caller_called import Called
from forecourt.actions.credential import OwnerKind
from forecourt.actions.entitlement import Unknown
from forecourt.actions.entitlement_of_application import entitlement_of_application
from forecourt.actions.list_quotas import list_quotas
from forecourt.actions.suspension import Suspension
from forecourt.bootstrap import World
from forecourt.cli.block import what_is_done
from forecourt.cli.formats.report import printable
from forecourt.cli.quota import spent_of
from forecourt.cli.suspending import since
from forecourt.compiler.ir.callers import Callers, Limit


async def caller_facts(
    called: Called, callers: Callers, world: World, blocks: Sequence[Block]
) -> list[tuple[str, str]]:
    """A row a fact. `blocks` is what is done about it, its owner, and what it calls with."""
    application = called.application
    facts = [("consumer", called.caller.id if application is None else application.called)]
    if application is not None:
        facts += [("id", application.id), ("plan", application.plan or "-")]
    facts += [("limit", limit) for limit in _limits(called, callers)]
    facts += [("quota", quota) async for quota in _quotas(called, callers, world)]
    if application is not None:
        facts.append(("added", f"{application.created_at:%Y-%m-%d %H:%M} UTC"))
    stands = {s.caller.id: s for s in await world.store.suspensions.standing()}
    facts.append(("status", _status(stands.get(called.caller.id), called, blocks)))
    if application is not None and (above := stands.get(str(application.owner))) is not None:
        facts.append(("its owner", since(above)))
    facts += [("block", _said_of(block, called, world)) for block in blocks]
    return facts


def _status(suspension: Suspension | None, called: Called, blocks: Sequence[Block]) -> str:
    """Whether it goes on: what is refused to its owner is refused to it."""
    its = _targets(called)
    refused = any(b.measure is Measure.BLOCK and b.target in its for b in blocks)
    return "blocked" if suspension is None and refused else since(suspension)


def _said_of(block: Block, called: Called, world: World) -> str:
    """What is done, and about whom, where that is not the caller itself."""
    done = what_is_done(block, world.clock())
    is_it = block.target.id == called.caller.id
    return done if is_it else f"{printable(block.target.id)}: {done}"


def _limits(called: Called, callers: Callers) -> tuple[str, ...]:
    """Its limit by minute; none where each of a developer's applications has its own."""
    if called.application is not None:
        found = entitlement_of_application(called.application, "", callers)
        if isinstance(found, Unknown):
            return ("its owner is not declared",)
        return (_limit(found.limit),)
    of_owners = {f"{OwnerKind.PARTNER.value}:{p.id}": p.limit for p in callers.partners}
    of_owners |= {f"service:{service.name}": service.limit for service in callers.services}
    its = of_owners.get(called.caller.id)
    return () if its is None else (_limit(its),)


def _limit(limit: Limit) -> str:
    return f"{limit.per_minute:,} requests a minute, over all that it calls with"


async def _quotas(called: Called, callers: Callers, world: World) -> AsyncIterator[str]:
    for quota in await list_quotas(
        called,
        callers=callers,
        spending=world.store.spending,
        applications=world.store.credentials,
        day=world.clock().astimezone(UTC).date(),
    ):
        is_its_own = called.caller.id == quota.holder
        yield spent_of(quota) if is_its_own else f"{quota.called}: {spent_of(quota)}"


async def blocks_of(
    called: Called, credentials: Collection[str], world: World
) -> tuple[Block, ...]:
    """What is done about a caller: it, its owner and applications, and these credentials of it, or
    tokens of an application that nobody added. What is only reported, nobody feels."""
    its = _targets(called)
    its |= {Target(kind=TargetKind.CREDENTIAL, id=id) for id in credentials}
    if called.owner is not None and called.caller.is_owner:
        for application in await world.store.credentials.applications(called.owner):
            its.add(Target(kind=TargetKind.APPLICATION, id=application.id))
    tokens = f"token:{called.caller.id}/"
    return tuple(
        block
        for block in await world.store.blocks.standing(world.clock())
        if block.measure is not Measure.REPORT
        and (block.target in its or block.target.id.startswith(tokens))
    )


def _targets(called: Called) -> set[Target]:
    """It, and its owner."""
    its = {Target(kind=_kind(called.caller.is_owner), id=called.caller.id)}
    if called.owner is not None:
        its.add(Target(kind=TargetKind.OWNER, id=str(called.owner)))
    return its


def _kind(is_owner: bool) -> TargetKind:
    return TargetKind.OWNER if is_owner else TargetKind.APPLICATION
