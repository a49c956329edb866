"""Places that callers take in turn."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.server.turns import Busy, Shares, Turns

SHARES = Shares(places=2, places_each=1, waiting=20, waiting_each=10, patience=30)


class House:
    """Callers that come, stay until they are told to go, and are turned away."""

    def __init__(self, shares: Shares = SHARES) -> None:
        self._turns = Turns(shares)
        self.inside: list[str] = []
        self._ends: dict[str, list[asyncio.Event]] = {}
        self.tasks: list[asyncio.Task[None]] = []

    async def comes(self, caller: str) -> asyncio.Task[None]:
        self.tasks.append(asyncio.create_task(self._stay(caller)))
        await self.settled()
        return self.tasks[-1]

    async def _stay(self, caller: str) -> None:
        async with self._turns.of(caller):
            end = asyncio.Event()
            self._ends.setdefault(caller, []).append(end)
            self.inside.append(caller)
            try:
                await end.wait()
            finally:
                self.inside.remove(caller)

    async def goes(self, caller: str) -> None:
        self._ends[caller].pop(0).set()
        await self.settled()

    async def settled(self) -> None:
        for _ in range(6):
            await asyncio.sleep(0)


async def test_a_caller_has_its_share_and_a_place_is_left_for_others() -> None:
    house = House()
    for _ in range(5):
        await house.comes("many")
    assert house.inside == ["many"]
    await house.comes("other")
    assert house.inside == ["many", "other"]


async def test_callers_that_wait_go_in_turn_whoever_has_more_waiting() -> None:
    house = House(replace(SHARES, places=1))
    for _ in range(5):
        await house.comes("many")
    await house.comes("one")
    await house.comes("two")
    order = []
    for _ in range(5):
        order.append(house.inside[0])
        await house.goes(house.inside[0])
    assert order == ["many", "many", "one", "two", "many"]


@pytest.mark.parametrize(
    ("comes", "turned_away"),
    [(["a"] * 4, True), (["a"] * 3, False), (["a", "a", "b", "b", "c", "c", "d"], True)],
    ids=["too many of its own", "as many as it may", "too many of all"],
)
async def test_who_would_wait_behind_too_many_is_turned_away(
    comes: list[str], turned_away: bool
) -> None:
    house = House(replace(SHARES, places=1, waiting=5, waiting_each=2))
    last = [await house.comes(caller) for caller in comes][-1]
    assert last.done() is turned_away
    if turned_away:
        assert isinstance(last.exception(), Busy)


async def test_who_waits_too_long_is_turned_away_and_nothing_is_left_of_it() -> None:
    house = House(replace(SHARES, places=1, patience=0.01))
    await house.comes("a")
    late = await house.comes("b")
    with pytest.raises(Busy):
        await late
    await house.goes("a")
    await house.comes("c")
    assert house.inside == ["c"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["comes", "goes", "leaves"]))))
def test_whatever_happens_no_place_is_lost_or_given_twice(story: list[tuple[str, str]]) -> None:
    async def told() -> None:
        house = House(replace(SHARES, places=2, waiting=4, waiting_each=2))
        for caller, does in story:
            if does == "comes":
                await house.comes(caller)
            elif does == "goes" and caller in house.inside:
                await house.goes(caller)
            elif does == "leaves" and (going := [t for t in house.tasks if not t.done()]):
                going[0].cancel()
                await house.settled()
            assert len(house.inside) <= 2
            assert len(set(house.inside)) == len(house.inside)
        for task in house.tasks:
            task.cancel()
        await asyncio.gather(*house.tasks, return_exceptions=True)
        await house.comes("x")
        await house.comes("y")
        assert house.inside == ["x", "y"]

    asyncio.run(told())
