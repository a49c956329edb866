"""A member or parameter is new.

Way up: where an older caller does not send it, it is put in with `default`, if one is written. Way
down: it goes, since no older caller knows it. With `part`, a parameter of the operations that `in`
names.

Losses
    What the new member says, for older callers. That is what `on_loss: omit` means, which holds
    unless something else is written; with `refuse`, a message that has it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract.lenses.around import Around
from forecourt.contract.lenses.kind import Example, LensKind, Misfit, Names
from forecourt.contract.lenses.shape import Shape
from forecourt.contract.lenses.steps import Drop, OnLoss, Put, Step
from forecourt.estate.changes import Add


def names(lens: Add) -> Names:
    """It comes."""
    return Names(gives=((lens.name, "add"),))


def up(lens: Add, around: Around) -> tuple[Step, ...]:
    """With what older callers mean."""
    return (Put(name=lens.name, value=lens.default),) if lens.has_default else ()


def down(lens: Add, around: Around) -> tuple[Step, ...]:
    """Without it."""
    return (Drop(name=lens.name, on_loss=OnLoss(lens.on_loss)),)


def lowered(lens: Add, shape: Shape) -> None:
    """Not there. What must be sent, and has no default, stays: it is not accounted for."""
    if lens.has_default or not shape.is_request or lens.name not in shape.required:
        shape.take(lens.name)


def misfits(lens: Add, around: Around) -> Iterator[Misfit]:
    """A parameter that is no text."""
    if around.newer.parameters is not None and isinstance(lens.default, dict | list):
        message = "a parameter is a text, and `default` is none"
        yield Misfit(key="default", message=message, help="write what stands in the request")


KIND = LensKind(
    key="add",
    declared=Add,
    summary="a member or parameter is new",
    names=names,
    up=up,
    down=down,
    lowered=lowered,
    misfits=misfits,
    page=__doc__,
    examples=(
        Example(
            title="Older callers mean the default",
            lens="{add: capture, default: now, in: [Thing], because: it can be taken later}",
            older={"amount": {"type": "integer"}},
            newer={"amount": {"type": "integer"}, "capture": {"type": "string"}},
            below={"amount": 3},
            above={"amount": 3, "capture": "now"},
        ),
    ),
)
