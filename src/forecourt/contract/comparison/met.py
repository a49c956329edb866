"""What is met on the way through two contracts: differences, and schemas to compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from forecourt.contract.comparison.schemas import Key
from forecourt.contract.comparison.side import Parts, Side
from forecourt.contract.one_sided import Direction
from forecourt.contract.values import Json, Pointer, descend


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A change of a kind at a place of an operation: `query limit`, `answer 200`.

    `months_left`: it concerns those to whom more months of notice are owed; None: everybody.
    """

    kind: str
    where: str
    old: Pointer
    new: Pointer
    message: str
    months_left: int | None = None


@dataclass(frozen=True, slots=True)
class Between:
    """A place of the old document, and the same of the new one."""

    old: Pointer
    new: Pointer

    def told(self, kind: str, where: str, message: str) -> Told:
        """A change there."""
        return Told(kind=kind, where=where, old=self.old, new=self.new, message=message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Two schemas that say what a value at a place of an operation may be."""

    where: str
    key: Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A change with the operations that it concerns, none where it is of the whole document.

    `nearest` is the one of whose place it is told.
    """

    told: Told
    operations: frozenset[str] = frozenset()
    nearest: str = ""


Met: TypeAlias = "Told | Start"


def start(
    where: str,
    old: Pointer | None,
    new: Pointer | None,
    direction: Direction,
    *,
    is_text: bool = False,
) -> Start:
    """The schemas at two places; without one, any value fits."""
    return Start(where=where, key=Key(_parts(old), _parts(new), direction, is_text))


def _parts(at: Pointer | None) -> Parts:
    return () if at is None else (at,)


def said(side: Side, at: Pointer | None, keyword: str) -> Json:
    """What a keyword of a thing says there."""
    value = None if at is None else descend(side.root, at)
    return value.get(keyword) if isinstance(value, dict) else None
