"""Who is stopped for a while, in every store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forecourt.actions.announce import NewsKind
from forecourt.actions.suspension import Caller
from forecourt.store.opening import Store
from tests.actions.builders import NOW, a_record, a_suspension

KINDS = [(False, NewsKind.APPLICATION), (True, NewsKind.CONSUMER)]


@pytest.mark.parametrize(("is_owner", "kind"), KINDS, ids=["an application", "an owner"])
async def test_stops_and_says_so_in_the_news(store: Store, is_owner: bool, kind: NewsKind) -> None:
    suspension = a_suspension("developer:ada", is_owner=is_owner)
    assert await store.suspensions.suspend(suspension)
    assert await store.suspensions.standing() == (suspension,)
    (news,) = await store.news.news_since(0, up_to=9)
    assert (news.kind, news.subject) == (kind, "developer:ada")


async def test_stops_once(store: Store) -> None:
    first = a_suspension()
    await store.suspensions.suspend(first)
    later = a_suspension(at=NOW + timedelta(days=1), who="linus")
    assert not await store.suspensions.suspend(later)
    assert await store.suspensions.standing() == (first,)
    assert (await store.news.latest_news()).latest == 1


async def test_an_application_and_an_owner_of_one_name_are_two(store: Store) -> None:
    await store.suspensions.suspend(a_suspension("orders"))
    assert not await store.suspensions.resume(Caller(id="orders", is_owner=True), a_record())
    assert len(await store.suspensions.standing()) == 1


async def test_what_ends_is_news_too(store: Store) -> None:
    await store.suspensions.suspend(a_suspension())
    assert await store.suspensions.resume(a_suspension().caller, a_record())
    assert await store.suspensions.standing() == ()
    assert (await store.news.latest_news()).latest == 2
    assert not await store.suspensions.resume(a_suspension().caller, a_record())
