"""What is said of a caller: what it may, what is left of it, and what was done about it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC

from forecourt.actions.block import Measure, Target, TargetKind
from forecourt.actions.caller_called import Called
from forecourt.actions.credential import OwnerKind
from forecourt.actions.entitlement import Unknown
from forecourt.actions.entitlement_of_application import entitlement_of_application
from forecourt.actions.list_quotas import list_quotas
from forecourt.bootstrap import World
from forecourt.cli.block import what_is_done
from forecourt.cli.quota import spent_of
from forecourt.cli.suspending import since
from forecourt.compiler.ir.callers import Callers, Limit


async def caller_facts(called: Called, callers: Callers, world: World) -> list[tuple[str, str]]:
    """A row a fact."""
    application = called.application
    facts = [("consumer", called.caller.id if application is None else application.called)]
    if application is not None:
        facts += [("id", application.id), ("plan", application.plan or "-")]
    facts += [("limit", limit) for limit in _limits(called, callers)]
    facts += [("quota", quota) async for quota in _quotas(called, callers, world)]
    if application is not None:
        facts.append(("added", f"{application.created_at:%Y-%m-%d %H:%M} UTC"))
    stands = {s.caller.id: s for s in await world.store.suspensions.standing()}
    facts.append(("status", since(stands.get(called.caller.id))))
    if application is not None and (above := stands.get(str(application.owner))) is not None:
        facts.append(("its owner", since(above)))
    facts += [("block", block) async for block in _blocks(called, world)]
    return facts


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


async def _blocks(called: Called, world: World) -> AsyncIterator[str]:
    """What was done about it or its owner, by hand or by a detector."""
    its = {Target(kind=_kind(called.caller.is_owner), id=called.caller.id)}
    if called.owner is not None:
        its.add(Target(kind=TargetKind.OWNER, id=str(called.owner)))
    for block in await world.store.blocks.standing(world.clock()):
        if block.target in its and block.measure is not Measure.REPORT:
            yield what_is_done(block, world.clock())


def _kind(is_owner: bool) -> TargetKind:
    return TargetKind.OWNER if is_owner else TargetKind.APPLICATION
