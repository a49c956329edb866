"""Operations that two contracts cannot be compared by, since one of them cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from forecourt.actions.edition import Edition
from forecourt.contract.comparison import Change, Comparison
from forecourt.contract.explaining import NOT_IN_ESTATE
from forecourt.contract.templates import without_names
from forecourt.diagnostics import Span

# Where an edition's files are looked for, which may be of no estate.
_NOT_THERE = "is not there, or is not read"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCompared:
    """An operation, `GET /things` or `* /things`, that one side leaves out; why, and where."""

    side: Literal["old", "new"]
    operation: str
    reason: str
    span: Span


def not_compared(old: Edition, new: Edition) -> tuple[NotCompared, ...]:
    """Everything that is left out of either side, as it stands in the documents."""
    return (*_left_out("old", old), *_left_out("new", new))


def _left_out(side: Literal["old", "new"], edition: Edition) -> Iterator[NotCompared]:
    for left in edition.contract.left_out:
        yield NotCompared(
            side=side,
            operation=str(left),
            reason=left.reason.replace(NOT_IN_ESTATE, _NOT_THERE),
            span=edition.of_revision(left.span),
        )


def without_returned(comparison: Comparison, old: Edition) -> Comparison:
    """The comparison without what only seems new: it was in the old document, and left out."""
    left = {(o.method, without_names(o.template)) for o in old.contract.left_out}

    def was_there(operation: str) -> bool:
        method, _, template = operation.partition(" ")
        shape = without_names(template)
        return (method, shape) in left or (None, shape) in left

    def kept() -> Iterator[Change]:
        for change in comparison.changes:
            if change.kind.id != "operation-added":
                yield change
            elif operations := tuple(o for o in change.operations if not was_there(o)):
                yield replace(change, operations=operations)

    return Comparison(changes=tuple(kept())) if left else comparison
