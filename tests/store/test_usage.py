"""Counts add up once, whoever counts and however often it is told, in every store."""

from __future__ import annotations

from datetime import date, timedelta

from forecourt.actions.api_key import key_digest
from forecourt.actions.known_of_old import DaysCalled
from forecourt.actions.usage import DAYS_KEPT, LogPosition, Usage
from forecourt.store.opening import Store
from forecourt.usage.rollup import UsageKey
from tests.actions.builders import NOW, a_held_key, a_record

TODAY = date(2026, 3, 1)


def a_key(day: date = TODAY, *, version: str = "1", application: str = "app_1") -> UsageKey:
    return UsageKey(
        day=day,
        api="payments",
        version=version,
        consumer="developer:ada",
        application=application,
    )


def at(offset: int) -> LogPosition:
    return LogPosition(file="1:2", offset=offset)


async def of(store: Store, *, since: date = TODAY, until: date = TODAY) -> list[tuple[str, int]]:
    found = await store.usage.of("payments", since=since, until=until)
    return [(usage.version, usage.requests) for usage in found]


async def test_counts_add_up_with_the_position(store: Store) -> None:
    assert await store.usage.position("a log") is None
    assert await store.usage.add("a log", None, at(10), {a_key(): 2}, TODAY)
    assert await store.usage.add(
        "a log", at(10), at(20), {a_key(): 3, a_key(version="2"): 1}, TODAY
    )
    assert await store.usage.position("a log") == at(20)
    assert await of(store) == [("1", 5), ("2", 1)]


async def test_what_was_counted_is_not_counted_again(store: Store) -> None:
    assert await store.usage.add("a log", None, at(10), {a_key(): 2}, TODAY)
    assert not await store.usage.add("a log", None, at(10), {a_key(): 2}, TODAY)
    assert await store.usage.add("another log", None, at(10), {a_key(): 2}, TODAY)
    assert await of(store) == [("1", 4)]


async def test_says_on_how_many_days_somebody_called(store: Store) -> None:
    days = [TODAY - timedelta(days=number) for number in (0, 1, 4, 9)]
    counts = {a_key(day, version=version): 2 for day in days for version in ("1", "2")}
    await store.usage.add("a log", None, at(10), counts, TODAY)
    since, until = TODAY - timedelta(days=8), TODAY - timedelta(days=1)
    asked = ("developer:ada", "developer:eve")
    assert await store.usage.days_called(asked, since=since, until=until) == {
        "developer:ada": DaysCalled(days=2, first=TODAY - timedelta(days=4))
    }
    assert await store.usage.days_called((), since=since, until=until) == {}


async def test_days_are_added_up_by_version_and_caller(store: Store) -> None:
    before = TODAY - timedelta(days=1)
    counts = {a_key(): 2, a_key(before): 3, a_key(application="app_2"): 1}
    await store.usage.add("a log", None, at(10), counts, TODAY)
    assert await store.usage.of("payments", since=before, until=TODAY) == (
        Usage(
            version="1",
            consumer="developer:ada",
            application="app_1",
            requests=5,
            last=TODAY,
        ),
        Usage(
            version="1",
            consumer="developer:ada",
            application="app_2",
            requests=1,
            last=TODAY,
        ),
    )
    assert await of(store, since=before, until=before) == [("1", 3)]
    assert await store.usage.of("users", since=before, until=TODAY) == ()


async def test_forgets_what_is_too_old(store: Store) -> None:
    old = TODAY - timedelta(days=DAYS_KEPT)
    await store.usage.add("a log", None, at(10), {a_key(old): 1}, TODAY)
    assert await of(store, since=old) == [("1", 1)]
    await store.usage.add("a log", at(10), at(20), {}, TODAY + timedelta(days=1))
    assert await of(store, since=old) == []


async def test_keeps_the_latest_use_of_a_key(store: Store) -> None:
    key, held = a_held_key()
    id = held.credential.id
    await store.credentials.add_key(held, key_digest(key), a_record())
    uses = (NOW, NOW - timedelta(minutes=5), NOW + timedelta(minutes=1))
    for number, use in enumerate(uses):
        before = None if number == 0 else at(number)
        await store.usage.add("a log", before, at(number + 1), {}, TODAY, {id: use, "key_x": use})
    found = await store.credentials.key_by_id(id)
    assert found is not None
    assert found.last_used_at == NOW + timedelta(minutes=1)
