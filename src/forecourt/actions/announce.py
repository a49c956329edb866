"""Tell the edges what to forget: the text of the news file.

    7c9e6679f0ab4f55 42
    41 credential key_0V4c2…
    42 everything -

The first line names the database and the latest number. An edge that last saw another database, or
a number that is older than the first line below, forgets everything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from urllib.parse import quote

# More than an edge can miss between two looks, a quarter of a second apart.
MOST_EVENTS = 1000


class NewsKind(Enum):
    """What the edge should forget."""

    CREDENTIAL = "credential"
    APPLICATION = "application"
    CONSUMER = "consumer"
    # It stands in a file of its own (`server/blocked.py`); no entitlement is forgotten for it.
    ADDRESS = "address"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsHead:
    """Which database the news is from, and how far it has come."""

    epoch: str
    latest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What changed for whom. `subject` is its id, or `-` where everything is meant."""

    sequence: int
    at: datetime
    kind: NewsKind
    subject: str


def announcement(head: NewsHead, news: Iterable[News]) -> str:
    """The news file: the latest events, oldest first."""
    latest = sorted(news, key=lambda n: n.sequence)[-MOST_EVENTS:]
    lines = [f"{head.epoch} {head.latest}"]
    lines += [f"{n.sequence} {n.kind.value} {quote(n.subject, safe='/:@')}" for n in latest]
    return "\n".join(lines) + "\n"
