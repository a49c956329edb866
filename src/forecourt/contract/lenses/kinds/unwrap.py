"""What a member of an object held, or the one item of a list, stands in its place.

Way up: `{"<out_of>": v}` becomes `v`, or without `out_of` `[v]` does. Way down: back. Null stays
null.

Losses
    What an older caller sends besides: other members of the object, several items or none.
    `on_loss` says what becomes of it: `refuse` the message (unless something else is written),
    `omit` the member, or make it `null`.
"""

from __future__ import annotations

from forecourt.contract.lenses.around import Around
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
from forecourt.estate.changes import Unwrap


def names(lens: Unwrap) -> Names:
    """It is there in both."""
    return Names(keeps=((lens.name, "unwrap"),))


def up(lens: Unwrap, around: Around) -> tuple[Step, ...]:
    """Out of the object or the list."""
    by = OutOfList() if lens.out_of is None else OutOfObject(name=lens.out_of)
    return (Change(name=lens.name, by=by, on_loss=OnLoss(lens.on_loss)),)


def down(lens: Unwrap, around: Around) -> tuple[Step, ...]:
    """Into it."""
    by = InList() if lens.out_of is None else InObject(name=lens.out_of)
    return (Change(name=lens.name, by=by, on_loss=OnLoss(lens.on_loss)),)


def lowered(lens: Unwrap, shape: Shape) -> None:
    """The object of it, or the list."""
    if lens.name not in shape.members:
        return
    newer = shape.members[lens.name]
    if lens.out_of is None:
        shape.members[lens.name] = {"type": "array", "items": newer, "minItems": 1, "maxItems": 1}
        if shape.is_request:  # of others it says itself that they are lost
            shape.members[lens.name] = {"type": "array", "items": newer}
    else:
        shape.members[lens.name] = an_object({lens.out_of: newer}, [lens.out_of])
    if shape.is_nullable(lens.name):
        shape.change(lens.name, shape.members[lens.name], "refuse", may_be_null=True)


KIND = LensKind(
    key="unwrap",
    declared=Unwrap,
    summary="what an object or a list of one held stands in its place",
    names=names,
    up=up,
    down=down,
    lowered=lowered,
    misfits=fits,
    page=__doc__,
    examples=(
        Example(
            title="No object around one text",
            lens="{unwrap: owner, out_of: id, in: [Thing], because: nothing else is in it}",
            older={
                "owner": {
                    "type": "object",
                    "required": ["id"],
                    "properties": {"id": {"type": "string"}},
                }
            },
            newer={"owner": {"type": "string"}},
            below={"owner": {"id": "usr_1"}},
            above={"owner": "usr_1"},
        ),
    ),
)
