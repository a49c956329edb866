"""What is done about whom for a while, in every store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forecourt.actions.announce import NewsKind
from forecourt.actions.block import Evidence, TargetKind
from forecourt.store.blocks import KEPT
from forecourt.store.opening import Store
from tests.actions.builders import NOW, a_block, a_record

MINUTE = timedelta(minutes=1)
EVIDENCE = Evidence(detector="scanning", counted=40, seconds=60, samples=("r-1", "r-2"))


@pytest.mark.parametrize("kind", TargetKind, ids=lambda kind: kind.value)
async def test_stands_and_says_so_in_the_news(store: Store, kind: TargetKind) -> None:
    block = a_block("x", kind=kind, evidence=EVIDENCE)
    await store.blocks.add([block])
    assert await store.blocks.standing(NOW) == (block,)
    (news,) = await store.news.news_since(0, up_to=9)
    assert (news.kind, news.subject) == (NewsKind(kind.value), "x")


async def test_ends_when_it_was_said_to(store: Store) -> None:
    await store.blocks.add([a_block(until=NOW + MINUTE), a_block("198.51.100.1/32", until=None)])
    standing = await store.blocks.standing(NOW + MINUTE)
    assert [block.target.id for block in standing] == ["198.51.100.1/32"]


async def test_is_lifted_once_and_that_is_news(store: Store) -> None:
    block = a_block()
    await store.blocks.add([block])
    (lifted,) = await store.blocks.lift([block.id, "blk_other"], a_record(NOW + MINUTE))
    assert lifted.id == block.id
    assert await store.blocks.standing(NOW + MINUTE) == ()
    assert (await store.news.latest_news()).latest == 2
    assert await store.blocks.lift([block.id], a_record(NOW + MINUTE)) == ()


async def test_what_ended_is_remembered_for_a_month(store: Store) -> None:
    first, second = a_block(), a_block("198.51.100.1/32", until=NOW + timedelta(days=29))
    await store.blocks.add([first, second])
    await store.blocks.lift([first.id], a_record(NOW + MINUTE))
    _, one = await store.blocks.since(NOW)
    assert one.lifted_at == NOW + MINUTE
    later = a_block("192.0.2.1/32", record=a_record(NOW + KEPT + 2 * MINUTE), until=None)
    await store.blocks.add([later])
    known = await store.blocks.since(NOW - MINUTE)
    assert [block.target.id for block in known] == ["198.51.100.1/32", "192.0.2.1/32"]


async def test_nothing_at_once_is_nothing(store: Store) -> None:
    await store.blocks.add([])
    assert (await store.news.latest_news()).latest == 0
