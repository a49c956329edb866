"""See how quotas stand: of everybody who has one and called this month, or of one holder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from forecourt.actions.quota import KnownSpending, QuotaState, Spent, quota_states
from forecourt.actions.quota_limits import KnownApplications, quota_limits
from forecourt.compiler.ir.callers import Callers
from forecourt.usage.spending import Holder


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
    holder: str | None,
    *,
    callers: Callers,
    spending: AllSpending,
    applications: KnownApplications,
    day: date,
) -> tuple[HeldQuota, ...]:
    """The quotas of a holder, or of everybody; by holder. Raises `StoreUnavailable`.

    A holder is named as the access log has it: an application's id, or an owner.
    """
    if holder is None:
        owners = {f"partner:{p.id}" for p in callers.partners}
        spent = {owner: Spent() for owner in owners} | dict(await spending.spent_by_all(day))
    else:
        spent = {holder: await spending.spent(holder, day)}
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


def _holder(id: str) -> Holder:
    """Only owners' names begin with a kind."""
    return Holder(id=id, is_owner=":" in id)


async def _called(holder: Holder, applications: KnownApplications) -> str:
    found = None if holder.is_owner else await applications.application_by_id(holder.id)
    return holder.id if found is None else found.called
