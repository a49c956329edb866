"""A value becomes a member of an object, or the one item of a list.

Way up: `v` becomes `{"<into>": v}`, or without `into` `[v]`. Way down: back. Null stays null.

Losses
    An object with other members besides, a list of several items or of none. `on_loss` says what
    becomes of it: `refuse` the message (unless something else is written), `omit` the member, or
    make it `null`.
"""

from __future__ import annotations

from forecourt.contract.lenses.around import NEWER, Around
from forecourt.contract.lenses.kind import Example, LensKind, Names, fits
from forecourt.contract.lenses.shape import Shape, an_object
from forecourt.contract.lenses.steps import (
    Change,
    InList,
    InObject,
    OnLoss,
    OutOfList,
    OutOfObject,
    Step,
)
from forecourt.contract.values import Json
from forecourt.estate.changes import Wrap


def names(lens: Wrap) -> Names:
    """It is there in both."""
    return Names(keeps=((lens.name, "wrap"),))


def up(lens: Wrap, around: Around) -> tuple[Step, ...]:
    """Into an object or a list."""
    by = InList() if lens.into is None else InObject(name=lens.into)
    return (Change(name=lens.name, by=by, on_loss=OnLoss(lens.on_loss)),)


def down(lens: Wrap, around: Around) -> tuple[Step, ...]:
    """Out of it."""
    by = OutOfList() if lens.into is None else OutOfObject(name=lens.into)
    return (Change(name=lens.name, by=by, on_loss=OnLoss(lens.on_loss)),)


def lowered(lens: Wrap, shape: Shape) -> None:
    """What is said of the member within, or of the items."""
    if lens.name not in shape.members:
        return
    newer = shape.around.newer.member(lens.name)
    if lens.into is None:
        schema = newer.items().referred(NEWER)
    else:
        schema = newer.member(lens.into).referred(NEWER)
        left = sorted(n for n in newer.names() if newer.requires(n) and n != lens.into)
        if left and shape.is_request:  # nobody can send what else must be there
            schema = _with(schema, left)
    shape.change(lens.name, schema, lens.on_loss, may_be_null=shape.is_nullable(lens.name))


def _with(schema: Json, left: list[str]) -> Json:
    return {"allOf": [schema, an_object({n: {} for n in left}, left)]}


KIND = LensKind(
    key="wrap",
    declared=Wrap,
    summary="a value becomes a member of an object, or the one item of a list",
    names=names,
    up=up,
    down=down,
    lowered=lowered,
    misfits=fits,
    page=__doc__,
    examples=(
        Example(
            title="A text that becomes an object",
            lens="{wrap: owner, into: id, in: [Thing], because: more of the owner will be said}",
            older={"owner": {"type": "string"}},
            newer={
                "owner": {
                    "type": "object",
                    "required": ["id"],
                    "properties": {"id": {"type": "string"}},
                }
            },
            below={"owner": "usr_1"},
            above={"owner": {"id": "usr_1"}},
        ),
        Example(
            title="One that may be several",
            lens="{wrap: tag, in: [Thing], because: a thing may have several}",
            older={"tag": {"type": "string"}},
            newer={"tag": {"type": "array", "items": {"type": "string"}}},
            below=None,
            above={"tag": ["red", "round"]},
            direction="down",
        ),
    ),
)
