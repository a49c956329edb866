"""Stop a caller for a while, and let it go on."""

from __future__ import annotations

from dataclasses import dataclass

from forecourt.actions.caller_called import ApplicationLookup, caller_called
from forecourt.actions.record import Record
from forecourt.actions.suspension import Caller, Suspension, Suspensions
from forecourt.compiler.ir.callers import Callers


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerStopped:
    """Nothing of it counts any more, and the edges hear of it."""

    caller: Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerGoesOn:
    """What it has counts again."""

    caller: Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToChange:
    """It was stopped before, or not at all."""

    caller: Caller


@dataclass(frozen=True, slots=True)
class NobodyCalledSo:
    """No caller has that name."""


async def suspend_caller(
    reference: str,
    *,
    callers: Callers,
    store: ApplicationLookup,
    suspensions: Suspensions,
    record: Record,
) -> CallerStopped | NothingToChange | NobodyCalledSo:
    """Stop the application or the owner that is called so, on the record."""
    called = await caller_called(reference, callers=callers, store=store)
    if called is None:
        return NobodyCalledSo()
    suspension = Suspension(caller=called.caller, record=record)
    if await suspensions.suspend(suspension):
        return CallerStopped(caller=called.caller)
    return NothingToChange(caller=called.caller)


async def resume_caller(
    reference: str,
    *,
    callers: Callers,
    store: ApplicationLookup,
    suspensions: Suspensions,
    record: Record,
) -> CallerGoesOn | NothingToChange | NobodyCalledSo:
    """End that, on the record. Who was stopped can be named so also where it is no longer declared;
    should it be declared again, it would be stopped still."""
    stopped = {s.caller.id: s.caller for s in await suspensions.standing()}
    caller = stopped.get(reference)
    if caller is None:
        called = await caller_called(reference, callers=callers, store=store)
        if called is None:
            return NobodyCalledSo()
        caller = called.caller
    if await suspensions.resume(caller, record):
        return CallerGoesOn(caller=caller)
    return NothingToChange(caller=caller)
