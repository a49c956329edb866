"""Who attacks is found in what was logged, and something is done about it, once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from forecourt.actions.api_key import key_digest
from forecourt.actions.block import Measure
from forecourt.actions.store_unavailable import StoreUnavailable
from forecourt.estate.audience import Audience
from forecourt.estate.posture import POSTURES
from forecourt.server.detecting import Detecting
from tests.actions.builders import NOW, a_held_key, a_record, chance
from tests.defence.logged import PUBLIC, STRANGER, spread
from tests.store.in_memory import InMemoryStore

GUESSES = list(spread(40, 5, **STRANGER, status=401, reason="unknown"))


class Watched:
    """A store, and what watches for it."""

    def __init__(self) -> None:
        self.store = InMemoryStore()
        self.registry = CollectorRegistry()
        self.detecting = Detecting(
            blocks=self.store.blocks,
            keys=self.store.credentials,
            calls=self.store.usage,
            abuse=self._abuse,
            never=self._never(),
            clock=lambda: NOW,
            entropy=chance("ids"),
            registry=self.registry,
        )

    async def _abuse(self, api: str | None, caller: Audience) -> str:
        return POSTURES[caller].abuse

    def _never(self) -> Callable[[], Awaitable[tuple[str, ...]]]:
        async def never() -> tuple[str, ...]:
            return ()

        return never

    def counted(self, detector: str, measure: str) -> float | None:
        labels = {"detector": detector, "measure": measure}
        return self.registry.get_sample_value("forecourt_attacks_total", labels)


@pytest.fixture
def watched() -> Watched:
    return Watched()


async def test_blocks_a_guesser_and_nobody_beside_it(watched: Watched) -> None:
    busy = list(spread(200, 5, **PUBLIC | {"address": "203.0.113.8"}))
    await watched.detecting([*GUESSES, *busy], {})
    (block,) = await watched.store.blocks.standing(NOW)
    assert (block.target.id, block.measure) == ("203.0.113.7/32", Measure.BLOCK)
    assert watched.counted("credential-guessing", "block") == 1


async def test_what_could_not_be_done_is_done_when_the_store_is_back(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise StoreUnavailable("it is away")

    with monkeypatch.context() as patched:
        patched.setattr(watched.store.blocks, "add", away)
        with pytest.raises(StoreUnavailable):
            await watched.detecting(GUESSES, {})
    await watched.detecting([], {})
    assert len(await watched.store.blocks.standing(NOW)) == 1


async def test_tells_of_a_dormant_key(watched: Watched) -> None:
    key, held = a_held_key(created_at=NOW - timedelta(days=400))
    await watched.store.credentials.add_key(held, key_digest(key), a_record())
    id = held.credential.id
    last = await watched.detecting.last_uses([id, "key_nobody"])
    assert last == {id: NOW - timedelta(days=400)}
    await watched.detecting(list(spread(2, 1, **PUBLIC | {"credential": id})), last)
    (block,) = await watched.store.blocks.standing(NOW)
    assert (block.target.id, block.measure) == (id, Measure.REPORT)
