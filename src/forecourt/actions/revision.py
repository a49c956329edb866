"""What was published, when, by whom and why."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from forecourt.estate.audience import Audience


class RevisionKind(Enum):
    """How a revision came about."""

    FIRST = "first"
    SAVE = "save"
    OPEN = "open"
    ROLLBACK = "rollback"
    NARROW = "narrow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One publication. `snapshot` is the digest of what the edge serves; numbers count from 1."""

    number: int
    snapshot: str
    kind: RevisionKind
    at: datetime
    who: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a publication changes for callers, in words: for the audit log."""

    opened: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


NO_EFFECT = Effect()


def part_digest(text: str) -> str:
    """SHA-256 in hex of a part's text."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """An API that somebody made narrower than its file says, until the file says so too."""

    api: str
    audience: Audience
    at: datetime
    who: str
    because: str
