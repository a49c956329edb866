"""The text of the news file."""

from __future__ import annotations

from forecourt.actions.announce import MOST_EVENTS, News, NewsHead, NewsKind, announcement
from tests.actions.builders import NOW


def news(sequence: int, kind: NewsKind = NewsKind.CREDENTIAL, subject: str = "key_x") -> News:
    return News(sequence=sequence, at=NOW, kind=kind, subject=subject)


def test_begins_with_the_database_and_the_latest_number() -> None:
    assert announcement(NewsHead(epoch="e1", latest=0), []) == "e1 0\n"


def test_tells_events_oldest_first() -> None:
    told = announcement(
        NewsHead(epoch="e1", latest=3),
        [
            news(3, NewsKind.EVERYTHING, "-"),
            news(2, NewsKind.CONSUMER, "developer:ada"),
            news(1, NewsKind.APPLICATION, "acme-id/a b\n%"),
        ],
    )
    assert told.splitlines() == [
        "e1 3",
        "1 application acme-id/a%20b%0A%25",
        "2 consumer developer:ada",
        "3 everything -",
    ]


def test_tells_no_more_than_an_edge_can_miss() -> None:
    told = announcement(NewsHead(epoch="e1", latest=1500), map(news, range(1, 1501)))
    lines = told.splitlines()
    assert len(lines) == 1 + MOST_EVENTS
    assert lines[1].startswith("501 ")
    assert lines[-1].startswith("1500 ")
