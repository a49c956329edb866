"""That a key is missed, as the edge says it."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from forecourt.server.key_wishes import PATH, KeyWishes, key_wishes


async def told(wishes: KeyWishes, method: str = "POST") -> int:
    transport = httpx.ASGITransport(key_wishes(wishes))
    async with httpx.AsyncClient(transport=transport, base_url="http://control") as client:
        return (await client.request(method, PATH)).status_code


async def test_who_waits_goes_on_when_a_key_is_missed() -> None:
    wishes = KeyWishes()
    waits = asyncio.create_task(wishes.within(60))
    await asyncio.sleep(0)
    assert await told(wishes) == 204
    await asyncio.wait_for(waits, 1)
    assert wishes.last > 0


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_nothing_else_is_a_wish(method: str) -> None:
    wishes = KeyWishes()
    assert await told(wishes, method) == 405
    assert wishes.last == float("-inf")


async def test_a_wish_is_heard_once() -> None:
    wishes = KeyWishes()
    wishes.wish()
    await wishes.within(60)
    waits = asyncio.create_task(wishes.within(60))
    await asyncio.sleep(0)
    assert not waits.done()
    waits.cancel()
