"""What is done about a caller at a moment, and what is left to it: as the resolver would say it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from forecourt.actions.assumed_caller import Known, Nobody
from forecourt.actions.block import KnownBlocks, blocked_by
from forecourt.actions.pin import KnownPins
from forecourt.actions.quota import KnownSpending, exhausted, has_quota, quota_states
from forecourt.actions.suspension import KnownSuspensions, suspended_by
from forecourt.usage.spending import holder_of


class Standing(Protocol):
    """Where that is known."""

    @property
    def pins(self) -> KnownPins:
        """What applications are pinned to."""
        ...

    @property
    def suspensions(self) -> KnownSuspensions:
        """Who is stopped."""
        ...

    @property
    def blocks(self) -> KnownBlocks:
        """Who is refused or slowed down."""
        ...

    @property
    def spending(self) -> KnownSpending:
        """What was spent of quotas."""
        ...


async def as_it_stands(caller: Known | Nobody, at: datetime, world: Standing) -> Known | Nobody:
    """The caller with all of it. Raises `StoreUnavailable`."""
    pinned = await _with_pins(await _unless_suspended(caller, world), world)
    return await _with_quotas(await _with_blocks(pinned, at, world), at, world)


async def _unless_suspended(caller: Known | Nobody, world: Standing) -> Known | Nobody:
    if not isinstance(caller, Known):
        return caller
    its = caller.entitlement
    for suspension in await world.suspensions.standing():
        stopped = suspended_by([suspension])
        if stopped.stops(application=its.application, consumer=its.consumer):
            return Nobody(
                kind=caller.kind,
                because="suspended",
                held=caller.held,
                client=caller.client,
                suspension=suspension,
            )
    return caller


async def _with_blocks(caller: Known | Nobody, at: datetime, world: Standing) -> Known | Nobody:
    """With the first block that refuses it at that moment, and the first that slows it down, of
    those that stand."""
    if not isinstance(caller, Known):
        return caller
    standing, its = await world.blocks.standing(at), caller.entitlement
    felt = [(block, blocked_by([block]).of(its, at)) for block in standing]
    return replace(
        caller,
        entitlement=replace(blocked_by(standing).of(its, at), stop=None),
        block=next((block for block, then in felt if then.stop is not None), None),
        throttle=next((block for block, then in felt if then.bucket != its.bucket), None),
    )


async def _with_quotas(caller: Known | Nobody, at: datetime, world: Standing) -> Known | Nobody:
    """With what is spent of its quotas on that day. Tests are counted for nobody."""
    if not isinstance(caller, Known):
        return caller
    its, day = caller.entitlement, at.astimezone(UTC).date()
    if its.is_test or not has_quota(its.limit):
        return caller
    spent = await world.spending.spent(holder_of(its.consumer, its.application).id, day)
    quotas = quota_states(its.limit, spent, day)
    return replace(caller, entitlement=replace(its, exhausted=exhausted(quotas)), quotas=quotas)


async def _with_pins(caller: Known | Nobody, world: Standing) -> Known | Nobody:
    if not isinstance(caller, Known):
        return caller
    pins = await world.pins.pins_of(caller.entitlement.application)
    return replace(caller, entitlement=replace(caller.entitlement, pins=pins))
