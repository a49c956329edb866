"""What the edges should forget, in every store."""

from __future__ import annotations

import asyncio

from forecourt.actions.announce import News, NewsKind
from forecourt.store.opening import Store, opened_store
from forecourt.store.url import database_url
from tests.actions.builders import NOW


async def test_begins_without_news(store: Store) -> None:
    assert (await store.news.latest_news()).latest == 0
    assert await store.news.news_since(0, up_to=10) == ()


async def test_numbers_news_in_order(store: Store) -> None:
    await store.news.announce(NewsKind.CONSUMER, "developer:ada", NOW)
    await store.news.announce(NewsKind.EVERYTHING, "-", NOW)
    assert (await store.news.latest_news()).latest == 2
    first = News(sequence=1, at=NOW, kind=NewsKind.CONSUMER, subject="developer:ada")
    second = News(sequence=2, at=NOW, kind=NewsKind.EVERYTHING, subject="-")
    assert await store.news.news_since(0, up_to=2) == (first, second)
    assert await store.news.news_since(1, up_to=2) == (second,)
    assert await store.news.news_since(0, up_to=1) == (first,)


async def test_leaves_no_gap_where_many_speak_at_once(store: Store) -> None:
    subjects = [f"key_{n}" for n in range(12)]
    await asyncio.gather(*(store.news.announce(NewsKind.CREDENTIAL, s, NOW) for s in subjects))
    news = await store.news.news_since(0, up_to=99)
    assert [n.sequence for n in news] == list(range(1, 13))
    assert sorted(n.subject for n in news) == sorted(subjects)


async def test_names_a_database_the_same_each_time_it_is_opened(url: str) -> None:
    heads = []
    for _ in range(2):
        async with opened_store(database_url(url)) as store:
            heads.append(await store.news.latest_news())
    assert heads[0] == heads[1]
    assert len(heads[0].epoch) == 32


async def test_names_another_database_otherwise(tmp_path: object) -> None:
    epochs = set()
    for name in "ab":
        async with opened_store(database_url(f"sqlite:///{tmp_path}/{name}.db")) as store:
            epochs.add((await store.news.latest_news()).epoch)
    assert len(epochs) == 2
