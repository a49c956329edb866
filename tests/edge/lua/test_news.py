"""What a worker forgets when it hears news."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecourt.actions.announce import News, NewsHead, NewsKind, announcement
from tests.actions.builders import NOW
from tests.edge.entitled import an_answer
from tests.edge.luajit import Lua


class Worker:
    """A worker that follows a news file and remembers two callers."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "news"
        self.lua = Lua()
        self.news = self.lua.module("news")
        self.entitlements = self.lua.module("entitlements")
        self.strangers = self.lua.module("strangers")
        self.time = 1_000.0
        self.news.follow(str(self.file))

    def remember(self, *names: str) -> None:
        for name in names:
            answer = an_answer(credential=f"key_{name}", application=f"app_{name}", consumer=name)
            self.entitlements.remember("x-api-key", name, self.lua.value(answer), self.time)

    def hears(self, text: str) -> None:
        self.file.write_text(text)
        self.look()

    def look(self, after: float = 0.25) -> None:
        self.time += after
        self.news.check(self.time)

    def knows(self, *names: str) -> list[str]:
        return [n for n in names if self.entitlements.slot("x-api-key", n) is not None]

    def asks_again_about(self, name: str) -> bool:
        return bool(self.entitlements.fresh(self.entitlements.slot("x-api-key", name)) == 0)


@pytest.fixture
def worker(tmp_path: Path) -> Worker:
    worker = Worker(tmp_path)
    worker.hears("store 3\n1 everything -\n2 everything -\n3 everything -\n")
    worker.remember("ada", "grace")
    return worker


def test_forgets_what_is_named(worker: Worker) -> None:
    worker.hears("store 4\n3 everything -\n4 credential key_ada\n")
    assert worker.knows("ada", "grace") == ["grace"]
    assert worker.news.seen() == 4


def test_forgets_nobody_because_of_an_address(worker: Worker) -> None:
    worker.hears("store 4\n4 address 203.0.113.7/32\n")
    assert worker.knows("ada", "grace") == ["ada", "grace"]
    assert worker.news.seen() == 4


@pytest.mark.parametrize(
    "line", ["4 application app_ada", "4 consumer ada", "4 credential key%5Fada"]
)
def test_forgets_by(worker: Worker, line: str) -> None:
    worker.hears(f"store 4\n{line}\n")
    assert worker.knows("ada", "grace") == ["grace"]


@pytest.mark.parametrize(
    "text",
    [
        "store 4\n4 everything -\n",
        "store 4\n4 something new\n",
        "store 5\n5 credential key_other\n",
        "store 6\n4 credential key_a\n6 credential key_b\n",
        "store 5\n4 credential key_a\n",
        "store 4\n",
        "store 4\nrubbish\n",
        "store 2\n2 credential key_other\n",
        "another 4\n4 credential key_other\n",
        "another 3\n3 credential key_other\n",
    ],
    ids=[
        "everything is meant",
        "a kind it does not know",
        "it missed the first",
        "it missed one between",
        "the last is missing",
        "all are missing",
        "they cannot be read",
        "the numbers went back",
        "another store speaks",
        "another store speaks, as far on",
    ],
)
def test_forgets_everything_where(worker: Worker, text: str) -> None:
    worker.hears(text)
    assert worker.knows("ada", "grace") == []


@pytest.mark.parametrize(
    "text",
    ["", "\n", "garbage", "store\n", "store four\n", "store 4 5\n", "store -4\n", "\0\0\0"],
)
def test_where_there_can_be_no_news_it_asks_about_everybody_again(
    worker: Worker, text: str
) -> None:
    worker.hears(text)
    assert worker.knows("ada", "grace") == ["ada", "grace"]
    assert worker.asks_again_about("ada")
    assert worker.news.seen() == 3
    worker.remember("ada")
    assert not worker.asks_again_about("ada")
    worker.look()
    assert worker.asks_again_about("ada"), "it still hears nothing"


def test_asks_about_everybody_again_while_the_file_is_away(worker: Worker) -> None:
    worker.file.unlink()
    worker.look()
    assert worker.knows("ada", "grace") == ["ada", "grace"]
    assert worker.asks_again_about("ada")
    worker.hears("store 4\n4 credential key_ada\n")
    assert worker.knows("ada", "grace") == ["grace"]


def test_the_same_news_again_is_none(worker: Worker) -> None:
    worker.hears("store 4\n4 credential key_ada\n")
    worker.remember("ada")
    worker.look()
    assert worker.knows("ada") == ["ada"]


def test_looks_no_more_than_four_times_a_second(worker: Worker) -> None:
    worker.file.write_text("store 4\n4 everything -\n")
    worker.look(0.2)
    assert worker.knows("ada") == ["ada"]
    worker.look(0.05)
    assert worker.knows("ada") == []


def test_looks_at_once_when_the_clock_is_set_back(worker: Worker) -> None:
    worker.file.write_text("store 4\n4 credential key_ada\n")
    worker.look(-500)
    assert worker.knows("ada", "grace") == ["grace"]


def test_nobody_is_taken_at_its_word_for_longer_when_the_clock_is_set_back(
    worker: Worker,
) -> None:
    worker.look(-500)
    assert worker.knows("ada") == ["ada"], "it goes on while nobody answers"
    assert worker.asks_again_about("ada")
    worker.remember("ada")
    worker.look()
    assert not worker.asks_again_about("ada")


def test_looks_again_when_the_clock_is_set_ahead(worker: Worker) -> None:
    worker.file.write_text("store 4\n4 credential key_ada\n")
    worker.look(3600)
    assert worker.knows("ada", "grace") == ["grace"]


def test_somebody_may_be_no_stranger_any_more(worker: Worker) -> None:
    worker.strangers.remember("x-api-key", "new", worker.time)
    worker.hears("store 4\n4 credential key_other\n")
    assert not worker.strangers.is_known("x-api-key", "new", worker.time)


def test_a_new_worker_has_acted_on_all_that_it_finds(tmp_path: Path) -> None:
    worker = Worker(tmp_path)
    assert worker.news.seen() == 0
    worker.hears("store 42\n41 everything -\n42 credential key_1\n")
    assert worker.news.seen() == 42


def test_reads_what_the_control_plane_writes(worker: Worker) -> None:
    subject = "partner:ä b%/c"
    answer = an_answer(consumer=subject.encode().decode("latin-1"))
    worker.entitlements.remember("x-api-key", "x", worker.lua.value(answer), worker.time)
    news = News(sequence=4, at=NOW, kind=NewsKind.CONSUMER, subject=subject)
    worker.hears(announcement(NewsHead(epoch="store", latest=4), [news]))
    assert worker.knows("ada", "grace", "x") == ["ada", "grace"]
