"""See how quotas stand: of everybody who has one and called this month, or of one holder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from forecourt.actions.caller_called import ApplicationLookup, Called
from forecourt.actions.credential import OwnerKind
from forecourt.actions.quota import KnownSpending, QuotaState, Spent, quota_states
from forecourt.actions.quota_limits import KnownApplications, quota_limits
from forecourt.compiler.ir.callers import Callers
from forecourt.usage.spending import Holder, holder_of


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldQuota:
    """A quota of a holder; `called` is how people call it: `developer:ada/shop`."""

    holder: str
    called: str
    state: QuotaState


class AllSpending(KnownSpending, Protocol):
    """Where everybody's spending is known."""

    async def spent_by_all(self, day: date) -> Mapping[str, Spent]:
        """Of everybody who called in that day's month, by holder."""
        ...


async def list_quotas(
    whose: Called | None,
    *,
    callers: Callers,
    spending: AllSpending,
    applications: ApplicationLookup,
    day: date,
) -> tuple[HeldQuota, ...]:
    """The quotas that a caller has a share in, or everybody's; by holder. Raises
    `StoreUnavailable`."""
    if whose is None:
        owners = {f"partner:{p.id}" for p in callers.partners}
        spent = {owner: Spent() for owner in owners} | dict(await spending.spent_by_all(day))
    else:
        holders = await _holders(whose, applications)
        spent = {its: await spending.spent(its, day) for its in holders}
    limits = await quota_limits(map(_holder, spent), callers, applications)
    return tuple(
        [
            HeldQuota(
                holder=its.id,
                called=await _called(its, applications),
                state=state,
            )
            for its, limit in sorted(limits.items(), key=lambda pair: pair[0].id)
            for state in quota_states(limit, spent[its.id], day)
        ]
    )


async def _holders(whose: Called, applications: ApplicationLookup) -> tuple[str, ...]:
    """Whose quotas a caller's requests are spent from: a developer's are its applications'."""
    owner, caller = whose.owner, whose.caller
    if caller.is_owner and owner is not None and owner.kind is OwnerKind.DEVELOPER:
        return tuple(application.id for application in await applications.applications(owner))
    if owner is None:
        return (caller.id,)
    return (holder_of(str(owner), caller.id).id,)


def _holder(id: str) -> Holder:
    """Only owners' names begin with a kind."""
    return Holder(id=id, is_owner=":" in id)


async def _called(holder: Holder, applications: KnownApplications) -> str:
    found = None if holder.is_owner else await applications.application_by_id(holder.id)
    return holder.id if found is None else found.called
