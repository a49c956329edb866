"""Counts of what was called, where they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Protocol

from forecourt.actions.known_of_old import PastCalls
from forecourt.actions.quota import QuotaEvent, Spending
from forecourt.usage.rollup import UsageKey

# So many days are kept: a year and what a report about it needs.
DAYS_KEPT = 400

NO_USES: Mapping[str, datetime] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPosition:
    """How far a log was counted: which file (an id that a rename keeps), and the bytes of it."""

    file: str
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Usage:
    """What a caller called of a version in some time: how often, and on which day last."""

    version: str
    consumer: str
    application: str
    requests: int
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """It was counted; `told` are the shares of quotas that were reached by it."""

    told: tuple[QuotaEvent, ...] = ()


class UsageStore(PastCalls, Protocol):
    """Where counts are kept."""

    async def position(self, log: str) -> LogPosition | None:
        """How far that log was counted; None: nothing of it was."""
        ...

    async def add(
        self,
        log: str,
        before: LogPosition | None,
        after: LogPosition,
        counts: Mapping[UsageKey, int],
        today: date,
        last_uses: Mapping[str, datetime] = NO_USES,
        spending: Spending | None = None,
    ) -> Counted | None:
        """Adds the counts and what was spent, and moves the position on, together; nothing, and
        None, where somebody else moved it meanwhile. What is too old is forgotten. `last_uses` are
        the latest moments at which keys were used, by their ids; what is known to be later stays.

        What the spending brought about is kept, and where a quota is used up the edges hear of it.
        """
        ...

    async def of(self, api: str, *, since: date, until: date) -> tuple[Usage, ...]:
        """What was called of an API from one day to another, by version and caller."""
        ...
