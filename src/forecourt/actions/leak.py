"""What an upstream sent that its contract does not declare: where and how often, never what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Literal, Protocol

from forecourt.actions.record import Record

Check = Literal["observe", "filter"]


class LeakKind(Enum):
    """What is not as declared."""

    UNDECLARED = "undeclared"
    MISMATCHED = "mismatched"
    STATUS = "undeclared-status"
    MEDIA_TYPE = "undeclared-media-type"
    BODY = "undeclared-body"
    ENCODED = "encoded-answer"
    UNREADABLE = "unreadable-answer"
    MORE = "more"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class LeakPlace:
    """Where: of which operation (`GET /payments/{id}`), at which status, and what.

    `place` is a JSON pointer with `*` for indexes and for names that may be somebody's data; of a
    media type its name, of a body that could not be read why. `check`: whether it was taken out of
    the answer or just noticed.
    """

    api: str
    version: str
    operation: str
    status: str
    kind: str
    place: str
    check: Check


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakCount:
    """In how many answers, since an edge told of it last."""

    at: LeakPlace
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """A place, in how many answers, and when first and last."""

    at: LeakPlace
    times: int
    since: datetime
    last: datetime


class Leaks(Protocol):
    """Where they are kept."""

    async def add(self, counts: Sequence[LeakCount], at: datetime) -> None:
        """Adds to what is known. Of an operation 200 places are kept; the rest is one count."""
        ...

    async def of(self, api: str, version: str | None = None) -> tuple[Leak, ...]:
        """Those of an API, or of one of its versions, by place."""
        ...

    async def forget(self, api: str, version: str | None, record: Record) -> int:
        """Forgets them, on the record; how many there were."""
        ...
