"""The file in which the edge reads what to forget."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from forecourt.actions.announce import News, NewsHead, NewsKind
from forecourt.actions.store_unavailable import StoreUnavailable
from forecourt.server.news import NewsFile
from tests.actions.builders import NOW
from tests.store.in_memory import InMemoryNews


def names_in(folder: Path) -> list[str]:
    return [p.name for p in folder.iterdir()]


async def nothing_to_do() -> None:
    pass


def a_file(path: Path, news: InMemoryNews) -> NewsFile:
    return NewsFile(path, news, before_telling=nothing_to_do)


async def test_is_written_at_the_start_and_then_on_news_only(tmp_path: Path) -> None:
    news, path = InMemoryNews(), tmp_path / "news"
    file = a_file(path, news)
    assert file.latest == 0
    assert await file.refresh()
    assert path.read_text() == "memory 0\n"
    assert not await file.refresh()
    await news.announce(NewsKind.CREDENTIAL, "key_1", NOW)
    assert await file.refresh()
    assert path.read_text() == "memory 1\n1 credential key_1\n"
    assert file.latest == 1


async def test_is_replaced_in_one_step(tmp_path: Path) -> None:
    news, path = InMemoryNews(), tmp_path / "news"
    file = a_file(path, news)
    await file.refresh()
    with path.open() as opened:
        await news.announce(NewsKind.EVERYTHING, "-", NOW)
        await file.refresh()
        assert opened.read() == "memory 0\n", "who reads goes on reading the old one"
    assert names_in(tmp_path) == ["news"]


async def test_is_written_anew_for_another_database(tmp_path: Path) -> None:
    class Restored(InMemoryNews):
        epoch = "one"

        async def latest_news(self) -> NewsHead:
            return NewsHead(epoch=self.epoch, latest=0)

    news = Restored()
    file = a_file(tmp_path / "news", news)
    await file.refresh()
    news.epoch = "two"
    assert await file.refresh()
    assert (tmp_path / "news").read_text() == "two 0\n"


async def test_tells_nothing_that_this_process_has_not_heard(tmp_path: Path) -> None:
    """An edge that hears news asks at once, and must not be told what held before."""
    path, seen = tmp_path / "news", []

    async def look() -> None:
        seen.append(names_in(tmp_path))

    await NewsFile(path, InMemoryNews(), before_telling=look).refresh()
    assert seen == [[]]
    assert names_in(tmp_path) == ["news"]


class Flaky(InMemoryNews):
    """Fails twice, then answers; says when it has answered."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.answered = asyncio.Event()

    async def latest_news(self) -> NewsHead:
        self.asked += 1
        if self.asked < 3:
            raise StoreUnavailable("the database is locked")
        return await super().latest_news()

    async def news_since(self, sequence: int, *, up_to: int) -> tuple[News, ...]:
        self.answered.set()
        return await super().news_since(sequence, up_to=up_to)


async def kept(file: NewsFile, until: asyncio.Event) -> None:
    task = asyncio.create_task(file.keep(seconds=0.001))
    await asyncio.wait_for(until.wait(), 5)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_goes_on_when_the_database_answers_again(tmp_path: Path) -> None:
    news = Flaky()
    await kept(a_file(tmp_path / "news", news), news.answered)
    assert news.asked == 3


async def test_tells_its_caller_that_it_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="none"):
        await a_file(tmp_path / "none" / "news", InMemoryNews()).refresh()
