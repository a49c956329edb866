"""Places that callers take in turn: none takes all, and none waits behind the many of another."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """`places` in all, and how many a caller may have and wait for; `waiting` in all.

    `patience`: seconds until somebody who waits is turned away.
    """

    places: int
    places_each: int
    waiting: int
    waiting_each: int
    patience: float


class Busy(Exception):
    """The caller waits for enough already, or all do, or it has waited long enough."""


class Turns:
    """Who has a place, and who waits: those that wait get one in turn, caller by caller."""

    def __init__(self, shares: Shares) -> None:
        self._shares = shares
        self._free = shares.places
        self._taken: Counter[str] = Counter()
        # By caller, the one whose turn is next first.
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def of(self, caller: str) -> AsyncIterator[None]:
        """A place, while the block runs. Raises `Busy`."""
        if self._may_have_one(caller):
            self._take(caller)
        else:
            await self._wait(caller)
        try:
            yield
        finally:
            self._give_back(caller)

    def _may_have_one(self, caller: str) -> bool:
        return self._free > 0 and self._taken[caller] < self._shares.places_each

    def _take(self, caller: str) -> None:
        self._free -= 1
        self._taken[caller] += 1

    def _give_back(self, caller: str) -> None:
        self._free += 1
        self._taken[caller] -= 1
        self._taken += Counter()  # forgets who has none
        self._hand_on()

    def _hand_on(self) -> None:
        """Gives the places that are free to whoever waits and may have one."""
        for caller in list(self._waiting):
            if self._may_have_one(caller):
                self._take(caller)
                self._waiting[caller].popleft().set_result(None)
                self._waiting.move_to_end(caller)
                self._forget_if_none(caller)

    async def _wait(self, caller: str) -> None:
        own = self._waiting.get(caller, deque())
        in_all = sum(map(len, self._waiting.values()))
        if in_all >= self._shares.waiting or len(own) >= self._shares.waiting_each:
            raise Busy
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        own.append(turn)
        self._waiting[caller] = own
        try:
            done, _ = await asyncio.wait({turn}, timeout=self._shares.patience)
        except asyncio.CancelledError:
            self._leave(caller, turn)
            raise
        if not done:
            self._leave(caller, turn)
            raise Busy

    def _leave(self, caller: str, turn: asyncio.Future[None]) -> None:
        if turn.done():  # it was this one's turn, and it is gone
            self._give_back(caller)
        else:
            self._waiting[caller].remove(turn)
            self._forget_if_none(caller)

    def _forget_if_none(self, caller: str) -> None:
        if not self._waiting[caller]:
            del self._waiting[caller]
