"""Quotas: how much of a day's and a month's requests is spent, and when they begin anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from types import MappingProxyType
from typing import Protocol, assert_never

from forecourt.actions.announce import NewsKind
from forecourt.compiler.ir.callers import Limit
from forecourt.usage.spending import Holder, SpendingKey

# In percent of a quota: who answers for it is told at the first two, and stopped at the last.
SPENT = 100
THRESHOLDS = (80, 95, SPENT)

# A month, and enough to see the one before.
DAYS_KEPT = 62


class Window(Enum):
    """For how long a quota is, by UTC's calendar."""

    DAY = "day"
    MONTH = "month"

    def first(self, day: date) -> date:
        """The first day of the window that a day lies in."""
        return day.replace(day=1) if self is Window.MONTH else day

    def reset(self, day: date) -> datetime:
        """When the window of a day is over: midnight, or the first of the next month."""
        match self:
            case Window.DAY:
                after = day + timedelta(days=1)
            case Window.MONTH:
                after = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
            case _:
                assert_never(self)
        return datetime.combine(after, time(), UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Requests that counted on a day, and in its month so far."""

    day: int = 0
    month: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaState:
    """How a quota stands: `spent` of `limit` requests; a new window begins at `resets`."""

    window: Window
    limit: int
    spent: int
    resets: datetime

    @property
    def is_exhausted(self) -> bool:
        """Whether nothing is left."""
        return self.spent >= self.limit

    @property
    def reached(self) -> tuple[int, ...]:
        """The thresholds that it is at or above."""
        return tuple(t for t in THRESHOLDS if self.spent * 100 >= self.limit * t)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaEvent:
    """A holder's spending came to `percent` of a limit in the window that began on `since`."""

    holder: str
    window: Window
    since: date
    limit: int
    percent: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What was spent, to be added up: requests by whose and day; the limits of those among them
    that have quotas; and the moment."""

    requests: Mapping[SpendingKey, int] = field(default_factory=lambda: MappingProxyType({}))
    limits: Mapping[Holder, Limit] = field(default_factory=lambda: MappingProxyType({}))
    at: datetime


class KnownSpending(Protocol):
    """Where it is known what was spent."""

    async def spent(self, holder: str, day: date) -> Spent:
        """Of a holder, on that day and in its month."""
        ...


def has_quota(limit: Limit) -> bool:
    """Whether the limit has a quota besides its requests a minute."""
    return limit.per_day is not None or limit.per_month is not None


def quota_states(limit: Limit, spent: Spent, day: date) -> tuple[QuotaState, ...]:
    """How the quotas of a limit stand on a day: none, one or two."""
    declared = (
        (Window.DAY, limit.per_day, spent.day),
        (Window.MONTH, limit.per_month, spent.month),
    )
    return tuple(
        QuotaState(window=window, limit=most, spent=requests, resets=window.reset(day))
        for window, most, requests in declared
        if most is not None
    )


def exhausted(states: tuple[QuotaState, ...]) -> QuotaState | None:
    """The quota that stops its holder for longest; None where none is used up."""
    used_up = (state for state in states if state.is_exhausted)
    return max(used_up, key=lambda state: state.resets, default=None)


def news_about(holder: Holder) -> NewsKind:
    """As what the edges hear of a holder."""
    return NewsKind.CONSUMER if holder.is_owner else NewsKind.APPLICATION
