"""Say of a caller whether its quota is used up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from forecourt.actions.entitlement import Entitlement
from forecourt.actions.quota import KnownSpending, exhausted, has_quota, quota_states


async def within_quota(found: Entitlement, spending: KnownSpending, day: date) -> Entitlement:
    """The entitlement, with the quota that is used up on that day. Raises `StoreUnavailable`.

    Tests are counted for nobody. Quotas belong to what the bucket belongs to.
    """
    if found.is_test or not has_quota(found.limit):
        return found
    spent = await spending.spent(found.bucket, day)
    return replace(found, exhausted=exhausted(quota_states(found.limit, spent, day)))
