"""Processes that judge, real ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from forecourt.server.judge_frames import Answer
from forecourt.server.judges import Judges
from forecourt.server.processes import Busy, Limits, NoAnswer
from tests.server.judging import BOMB, CONTRACT, LONG, exact

SCHEMAS = exact(bomb={"pattern": BOMB}, text={"pattern": "^(?=a)"})
# A machine that has much to do must not fail these.
SLOW = Limits(processes=1, waiting=1, patience=30, seconds=5)


async def judged(
    judges: Judges, contract: str, root: str, body: bytes, caller: str = "1"
) -> Answer:
    async def read() -> bytes:
        return body

    found = await judges.judge(contract, root, read, caller)
    assert found is not None
    return found


def schemas(contract: str) -> bytes | None:
    return SCHEMAS if contract == CONTRACT else None


@pytest.fixture
async def judges() -> AsyncIterator[Judges]:
    judges = Judges(schemas, SLOW)
    yield judges
    await judges.close()


async def test_judge_by_the_schema_of_a_contract(judges: Judges) -> None:
    assert (await judged(judges, CONTRACT, "text", b'"ab"')).verdict == "kept"
    broken = await judged(judges, CONTRACT, "text", b'"b"')
    assert (broken.verdict, broken.faults) == ("broken", (("", "pattern", "^(?=a)"),))
    assert (await judged(judges, CONTRACT, "nothing", b'"b"')).verdict == "lost"
    assert (await judged(judges, "1" * 32, "text", b'"b"')).verdict == "lost"


async def test_bodies_find_processes_that_have_begun(judges: Judges) -> None:
    await judges.begin()
    await judges.begin()  # which does nothing more
    assert (await judged(judges, CONTRACT, "text", b'"ab"')).verdict == "kept"


async def test_a_body_that_takes_too_long_is_given_up_and_the_next_is_judged() -> None:
    judges = Judges(schemas, replace(SLOW, seconds=1))
    try:
        with pytest.raises(NoAnswer):
            await judged(judges, CONTRACT, "bomb", LONG)
        assert (await judged(judges, CONTRACT, "text", b'"ab"')).verdict == "kept"
    finally:
        await judges.close()


async def test_whoever_waits_too_long_or_finds_too_many_waiting_is_turned_away() -> None:
    judges = Judges(schemas, replace(SLOW, patience=1))
    try:
        await judged(judges, CONTRACT, "text", b'"ab"')
        first = asyncio.create_task(judged(judges, CONTRACT, "bomb", LONG))
        await asyncio.sleep(0)
        second = asyncio.create_task(judged(judges, CONTRACT, "text", b'"ab"'))
        await asyncio.sleep(0)
        with pytest.raises(Busy):  # at once: one waits already
            await judged(judges, CONTRACT, "text", b'"ab"')
        assert not second.done()
        with pytest.raises(Busy):
            await second
        with pytest.raises(NoAnswer):
            await first
    finally:
        await judges.close()


async def test_who_stops_waiting_for_a_verdict_leaves_nothing_behind() -> None:
    judges = Judges(schemas, SLOW)
    try:
        await judged(judges, CONTRACT, "text", b'"ab"')
        asking = asyncio.create_task(judged(judges, CONTRACT, "bomb", LONG))
        await asyncio.sleep(0.05)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        broken = await judged(judges, CONTRACT, "text", b'"b"')
        assert broken.verdict == "broken"
    finally:
        await judges.close()


async def test_whoever_sends_what_takes_long_delays_itself_alone() -> None:
    """Of two processes one is left to others, at once and after it had the other one ended."""
    judges = Judges(schemas, Limits(seconds=3, patience=30))
    try:
        await judges.begin()
        await judged(judges, CONTRACT, "text", b'"ab"', "other")
        bombs = [
            asyncio.create_task(judged(judges, CONTRACT, "bomb", LONG, "bomber")) for _ in range(5)
        ]
        await asyncio.sleep(0)
        for _ in range(3):
            found = await judged(judges, CONTRACT, "text", b'"ab"', "other")
            assert found.verdict == "kept"
        assert not any(bomb.done() for bomb in bombs), "it was at it all the while"
        for bomb in bombs:
            bomb.cancel()
        await asyncio.gather(*bombs, return_exceptions=True)
    finally:
        await judges.close()


async def test_a_body_is_not_read_before_its_turn() -> None:
    judges = Judges(schemas, replace(SLOW, waiting=0))
    try:
        read = 0

        async def body() -> bytes | None:
            nonlocal read
            read += 1
            await asyncio.sleep(0.1)
            return None

        first = asyncio.create_task(judges.judge(CONTRACT, "text", body, "1"))
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await judges.judge(CONTRACT, "text", body, "2")
        assert (await first, read) == (None, 1)
    finally:
        await judges.close()
