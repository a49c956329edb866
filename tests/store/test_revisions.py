"""What was published, in every store."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from forecourt.actions.announce import NewsKind
from forecourt.actions.published import parts_from_callers
from forecourt.actions.revision import Revision, RevisionKind
from forecourt.store.opening import Store
from forecourt.store.revisions import part_digest
from tests.actions.builders import NOW, a_partner, some_callers


async def publish(store: Store, changed: dict[str, str | None], number: int = 0) -> Revision:
    return await store.revisions.add(
        snapshot=f"digest {number}",
        kind=RevisionKind.SAVE,
        at=NOW + timedelta(minutes=number),
        who="ada",
        because="",
        changed=changed,
    )


async def test_begins_with_no_revision(store: Store) -> None:
    assert await store.revisions.newest() is None
    assert await store.revisions.history() == ()
    assert await store.revisions.revision(1) is None
    assert await store.revisions.parts(1) == {}


async def test_gives_back_what_was_recorded(store: Store) -> None:
    revision = await publish(store, {"api/payments": '{"a":1}'})
    assert revision == Revision(
        number=1, snapshot="digest 0", kind=RevisionKind.SAVE, at=NOW, who="ada", because=""
    )
    assert await store.revisions.newest() == revision
    assert await store.revisions.revision(1) == revision
    assert await store.revisions.parts(1) == {"api/payments": '{"a":1}'}
    assert await store.revisions.digests(1) == {"api/payments": part_digest('{"a":1}')}


async def test_keeps_the_parts_that_a_revision_left_alone(store: Store) -> None:
    await publish(store, {"api/a": "1", "api/b": "1"})
    await publish(store, {"api/b": "2", "api/c": "1"})
    await publish(store, {"api/a": None})
    assert await store.revisions.parts(1) == {"api/a": "1", "api/b": "1"}
    assert await store.revisions.parts(2) == {"api/a": "1", "api/b": "2", "api/c": "1"}
    assert await store.revisions.parts(3) == {"api/b": "2", "api/c": "1"}
    assert sorted(await store.revisions.digests(3)) == ["api/b", "api/c"]


async def test_brings_a_removed_part_back(store: Store) -> None:
    for content in ("1", None, "1"):
        await publish(store, {"api/a": content})
    assert await store.revisions.parts(2) == {}
    assert await store.revisions.parts(3) == {"api/a": "1"}


async def test_records_a_revision_that_changes_no_part(store: Store) -> None:
    await publish(store, {"api/a": "1"})
    await publish(store, {})
    assert await store.revisions.parts(2) == {"api/a": "1"}


async def test_gives_parts_by_the_beginning_of_their_name(store: Store) -> None:
    await publish(store, {"callers/plans": "1", "callers_/x": "2", "api/a": "3", "call%": "4"})
    assert await store.revisions.parts(1, prefix="callers/") == {"callers/plans": "1"}
    assert await store.revisions.parts(1, prefix="call%") == {"call%": "4"}


async def test_tells_history_newest_first(store: Store) -> None:
    for number in range(4):
        await publish(store, {"api/a": str(number)}, number)
    assert [r.number for r in await store.revisions.history()] == [4, 3, 2, 1]
    assert [r.number for r in await store.revisions.history(most=2)] == [4, 3]


async def test_knows_which_one_was_served_at_a_moment(store: Store) -> None:
    for minutes in range(3):
        await publish(store, {"api/a": str(minutes)}, minutes)
    history = {r.number: r for r in await store.revisions.history()}
    moment = history[2].at
    assert await store.revisions.newest_by(moment) == history[2]
    assert await store.revisions.newest_by(history[3].at + timedelta(days=1)) == history[3]
    assert await store.revisions.newest_by(history[1].at - timedelta(microseconds=1)) is None


async def test_knows_which_one_last_named_a_part(store: Store) -> None:
    narrow, open_ = RevisionKind.NARROW, RevisionKind.OPEN
    for minutes, (kind, part) in enumerate(
        ((RevisionKind.FIRST, "a"), (narrow, "a"), (narrow, "b"), (open_, "a"))
    ):
        await store.revisions.add(
            snapshot="digest",
            kind=kind,
            at=NOW + timedelta(minutes=minutes),
            who="ada",
            because="",
            changed={f"api/{part}": "1"},
        )
    kinds = frozenset({narrow, open_})

    async def named(minutes: int) -> int | None:
        moment = NOW + timedelta(minutes=minutes)
        found = await store.revisions.newest_on("api/a", kinds=kinds, by=moment)
        return None if found is None else found.number

    assert [await named(minutes) for minutes in range(5)] == [None, 2, 2, 4, 4]


async def test_numbers_revisions_without_gaps_where_many_publish_at_once(store: Store) -> None:
    published = await asyncio.gather(*(publish(store, {f"api/{n}": "{}"}) for n in range(8)))
    assert sorted(r.number for r in published) == list(range(1, 9))
    assert len(await store.revisions.parts(8)) == 8


async def test_says_in_the_news_what_it_made_stale(store: Store) -> None:
    await store.revisions.add(
        snapshot="digest",
        kind=RevisionKind.OPEN,
        at=NOW,
        who="ada",
        because="",
        changed={"api/a": "1"},
        news=[(NewsKind.CONSUMER, "partner:x"), (NewsKind.EVERYTHING, "-")],
    )
    told = await store.news.news_since(0, up_to=9)
    assert [(n.kind, n.subject) for n in told] == [
        (NewsKind.CONSUMER, "partner:x"),
        (NewsKind.EVERYTHING, "-"),
    ]


async def test_knows_the_callers_of_the_newest_revision(store: Store) -> None:
    assert (await store.revisions.published_callers()).partners == ()
    callers = some_callers(partners=(a_partner("acme-corp"), a_partner("zenith")))
    await publish(store, {**parts_from_callers(callers), "api/a": "{}"})
    assert await store.revisions.published_callers() == callers
    await publish(store, {"callers/partner/zenith": None})
    found = await store.revisions.published_callers()
    assert [p.name for p in found.partners] == ["acme-corp"]
