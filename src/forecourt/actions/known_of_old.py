"""Who called before an attack began: callers that nobody could make up for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

# Who signs up today has called today. A caller is known of old who was let through on some days of
# the last month, the first of them a week ago: that takes a week of patience for each.
DAYS = 3
FOR = timedelta(days=7)
WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysCalled:
    """On how many days a caller was let through, and the first of them."""

    days: int
    first: date


class PastCalls(Protocol):
    """Where it is counted who called."""

    async def days_called(
        self, consumers: Collection[str], *, since: date, until: date
    ) -> Mapping[str, DaysCalled]:
        """Of those of these that were let through in that time, the last day counting."""
        ...


async def known_of_old(consumers: Collection[str], calls: PastCalls, today: date) -> int:
    """How many of these callers are. Raises `StoreUnavailable`."""
    found = await calls.days_called(
        consumers, since=today - WITHIN, until=today - timedelta(days=1)
    )
    return sum(its.days >= DAYS and its.first <= today - FOR for its in found.values())
