"""What breaks for callers of an older version, although their messages go through the lenses; and
what they go on seeing that callers of the newer one do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from forecourt.contract import Contract
from forecourt.contract.comparison import Change, compare
from forecourt.contract.comparison.kinds.audience import AUDIENCE_NARROWED
from forecourt.contract.comparison.kinds.limits import LOWERED, RAISED
from forecourt.contract.lenses.deriving import sides_of
from forecourt.contract.lenses.lowering import lowered_document
from forecourt.contract.lenses.sides import Sides
from forecourt.contract.one_sided import Direction
from forecourt.contract.reading import read_located
from forecourt.contract.values import Pointer, descend, encode
from forecourt.estate.audience import Audience
from forecourt.estate.changes import Changes
from forecourt.estate.posture import Posture


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncovered:
    """A difference that no change accounts for: it breaks, or only narrows who sees something.

    `newer` leads to it in the newer contract; None: it has no place of its own there.
    """

    change: Change
    older: Pointer
    newer: Pointer | None


def uncovered(
    changes: Changes,
    older: Contract,
    newer: Contract,
    *,
    today: date,
    postures: Mapping[Audience, Posture],
) -> tuple[Uncovered, ...]:
    """Every difference that the changes leave and that breaks, or narrows who sees something."""
    sides = sides_of(changes, older, newer)
    left = _left(sides, today, postures)
    return tuple(
        _placed(change, sides)
        for change in left
        if change.is_breaking or change.kind.id == AUDIENCE_NARROWED
    )


def left_by(
    changes: Changes,
    older: Contract,
    newer: Contract,
    *,
    today: date,
    postures: Mapping[Audience, Posture],
) -> tuple[Change, ...]:
    """Every difference that the changes leave, whatever its verdict."""
    return _left(sides_of(changes, older, newer), today, postures)


def _left(sides: Sides, today: date, postures: Mapping[Audience, Posture]) -> tuple[Change, ...]:
    """The newer contract as older callers see it through the lenses, compared with the older one.

    Requests and answers are compared apart, since a lens makes other things of a schema that both
    have.
    """
    found: dict[tuple[str, Pointer, str], Change] = {}
    for direction in Direction:
        text = encode(lowered_document(sides, direction)).decode()
        located, mistakes = read_located(text, "lowered.json")
        assert located is not None, mistakes  # it was made of a contract
        compared = compare(
            sides.older.contract,
            located.contract,
            today=today,
            postures=postures,
            has_servers=False,
        )
        for change in compared.changes:
            if _counts(change, direction, sides):
                found.setdefault((change.kind.id, change.old, change.message), change)
    return tuple(found.values())


def _counts(change: Change, direction: Direction, sides: Sides) -> bool:
    """Whether it is of messages that were looked at, and not of an operation said to be gone."""
    if change.kind.direction not in (None, direction):
        return False
    if change.kind.id in (LOWERED, RAISED):
        return False  # the edge holds each version to its own
    gone = set(_gone(sides))
    return not change.operations or not set(change.operations) <= gone


def _gone(sides: Sides) -> Iterator[str]:
    for operation, change in sides.by.items():
        if change.becomes is None:
            yield str(operation)


def _placed(change: Change, sides: Sides) -> Uncovered:
    is_there = len(change.new) > 1 and descend(sides.newer.root, change.new) is not None
    return Uncovered(change=change, older=change.old, newer=change.new if is_there else None)
