"""A key with which somebody looks for openings is not blocked for that."""

from __future__ import annotations

from datetime import timedelta

from forecourt.actions.api_key import key_digest
from forecourt.actions.block import Measure
from forecourt.actions.spare_key import spare_certificate, spare_key
from tests.actions.builders import NOW, a_held_key, a_record, chance
from tests.store.in_memory import InMemoryStore


async def test_spares_the_key_for_an_hour() -> None:
    store, (key, held) = InMemoryStore(), a_held_key()
    await store.credentials.add_key(held, key_digest(key), a_record())
    news = await store.news.latest_news()
    for given in ("fc_live_nonsense", key):
        await spare_key(
            given, a_record(), keys=store.credentials, blocks=store.blocks, entropy=chance(given)
        )
    (block,) = await store.blocks.standing(NOW)
    assert (block.target.id, block.measure) == (held.credential.id, Measure.SPARE)
    assert block.until == NOW + timedelta(hours=1)
    assert await store.news.latest_news() == news


async def test_spares_a_certificate_as_the_access_log_names_it() -> None:
    store = InMemoryStore()
    await spare_certificate("ab" * 32, a_record(), blocks=store.blocks, entropy=chance("x"))
    (block,) = await store.blocks.standing(NOW)
    assert (block.target.id, block.measure) == ("certificate:abababababababab", Measure.SPARE)
