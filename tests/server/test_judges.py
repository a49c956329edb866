"""Processes that judge, real ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from forecourt.server.judges import Busy, Judges, Limits, TooLong
from tests.server.judging import BOMB, CONTRACT, LONG, exact

SCHEMAS = exact(bomb={"pattern": BOMB}, text={"pattern": "^(?=a)"})
# A machine that has much to do must not fail these.
SLOW = Limits(processes=1, waiting=1, patience=30, seconds=5)


def schemas(contract: str) -> bytes | None:
    return SCHEMAS if contract == CONTRACT else None


@pytest.fixture
async def judges() -> AsyncIterator[Judges]:
    judges = Judges(schemas, SLOW)
    yield judges
    await judges.close()


async def test_judge_by_the_schema_of_a_contract(judges: Judges) -> None:
    assert (await judges.judge(CONTRACT, "text", b'"ab"')).verdict == "kept"
    broken = await judges.judge(CONTRACT, "text", b'"b"')
    assert (broken.verdict, broken.faults) == ("broken", (("", "pattern", "^(?=a)"),))
    assert (await judges.judge(CONTRACT, "nothing", b'"b"')).verdict == "lost"
    assert (await judges.judge("1" * 32, "text", b'"b"')).verdict == "lost"


async def test_bodies_find_processes_that_have_begun(judges: Judges) -> None:
    await judges.begin()
    await judges.begin()  # which does nothing more
    assert (await judges.judge(CONTRACT, "text", b'"ab"')).verdict == "kept"


async def test_a_body_that_takes_too_long_is_given_up_and_the_next_is_judged() -> None:
    judges = Judges(schemas, replace(SLOW, seconds=1))
    try:
        with pytest.raises(TooLong):
            await judges.judge(CONTRACT, "bomb", LONG)
        assert (await judges.judge(CONTRACT, "text", b'"ab"')).verdict == "kept"
    finally:
        await judges.close()


async def test_whoever_waits_too_long_or_finds_too_many_waiting_is_turned_away() -> None:
    judges = Judges(schemas, replace(SLOW, patience=0.2))
    try:
        await judges.judge(CONTRACT, "text", b'"ab"')
        first = asyncio.create_task(judges.judge(CONTRACT, "bomb", LONG))
        await asyncio.sleep(0)
        second = asyncio.create_task(judges.judge(CONTRACT, "text", b'"ab"'))
        await asyncio.sleep(0)
        with pytest.raises(Busy):  # at once: one waits already
            await asyncio.wait_for(judges.judge(CONTRACT, "text", b'"ab"'), 0.1)
        with pytest.raises(Busy):
            await second
        with pytest.raises(TooLong):
            await first
    finally:
        await judges.close()


async def test_who_stops_waiting_for_a_verdict_leaves_nothing_behind() -> None:
    judges = Judges(schemas, SLOW)
    try:
        await judges.judge(CONTRACT, "text", b'"ab"')
        asking = asyncio.create_task(judges.judge(CONTRACT, "bomb", LONG))
        await asyncio.sleep(0.05)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        broken = await judges.judge(CONTRACT, "text", b'"b"')
        assert broken.verdict == "broken"
    finally:
        await judges.close()
