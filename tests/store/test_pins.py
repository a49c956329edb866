"""Pins are set once, changed on purpose, and told to the edges, in every store."""

from __future__ import annotations

from datetime import datetime, timedelta

from forecourt.actions.announce import NewsKind
from forecourt.actions.pin import PinRecord
from forecourt.compiler.ir.callers import Pin
from forecourt.store.opening import Store
from tests.actions.builders import NOW

LATER = NOW + timedelta(hours=1)


def a_pin(version: str = "1", *, application: str = "app_1", at: datetime = NOW) -> PinRecord:
    return PinRecord(
        application=application, api="prices", version=version, at=at, who="first call"
    )


async def news(store: Store) -> list[tuple[NewsKind, str]]:
    head = await store.news.latest_news()
    return [(n.kind, n.subject) for n in await store.news.news_since(0, up_to=head.latest)]


async def test_a_pin_is_set_and_changed_and_is_news_of_its_application(store: Store) -> None:
    await store.pins.pin(a_pin("1"))
    await store.pins.pin(a_pin("2", at=LATER))
    assert await store.pins.pins_of("app_1") == (Pin(api="prices", version="2"),)
    assert await store.pins.pins_of("app_2") == ()
    assert await store.pins.records() == (a_pin("2", at=LATER),)
    assert await news(store) == [(NewsKind.APPLICATION, "app_1")] * 2


async def test_a_first_call_changes_no_pin(store: Store) -> None:
    assert await store.pins.pin_first([a_pin("1"), a_pin("1", application="app_2")]) == ()
    assert await store.pins.pin_first([a_pin("2", at=LATER)]) == ()
    assert await store.pins.pins_of("app_1") == (Pin(api="prices", version="1"),)
    assert len(await news(store)) == 2


async def test_a_call_from_before_does_not_bring_back_what_was_unpinned(store: Store) -> None:
    await store.pins.pin(a_pin())
    assert await store.pins.unpin("app_1", "prices", LATER, "root")
    assert await store.pins.pins_of("app_1") == ()
    assert await store.pins.records() == ()
    assert not await store.pins.unpin("app_1", "prices", LATER, "root")
    assert await store.pins.pin_first([a_pin("1")]) == (a_pin("1"),)
    assert await store.pins.pin_first([a_pin("2", at=LATER + timedelta(seconds=1))]) == ()
    assert await store.pins.pins_of("app_1") == (Pin(api="prices", version="2"),)
