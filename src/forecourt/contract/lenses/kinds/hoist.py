"""The members of an object stand beside it, and the object is gone.

Way up: the members move out. Way down: those that are there become the object again; where none is,
there is none.

Losses
    Members besides these that an older caller sends in the object. `on_loss: refuse` refuses the
    message (unless something else is written), `omit` leaves them out. An object that held nothing
    is not there on the way back.
"""

from __future__ import annotations

from forecourt.contract.lenses.around import Around
from forecourt.contract.lenses.kind import Example, LensKind, Names, fits
from forecourt.contract.lenses.shape import Shape
from forecourt.contract.lenses.spreading import gather
from forecourt.contract.lenses.steps import Gather, OnLoss, Spread, Step
from forecourt.estate.changes import Hoist


def names(lens: Hoist) -> Names:
    """The object goes, and they come."""
    return Names(takes=((lens.out_of, "out_of"),), gives=tuple((n, "hoist") for n in lens.names))


def up(lens: Hoist, around: Around) -> tuple[Step, ...]:
    """Out of the object."""
    return (Spread(name=lens.out_of, names=lens.names, on_loss=OnLoss(lens.on_loss)),)


def down(lens: Hoist, around: Around) -> tuple[Step, ...]:
    """Into it."""
    return (Gather(names=lens.names, into=lens.out_of),)


def lowered(lens: Hoist, shape: Shape) -> None:
    """The object of them."""
    gather(shape, lens.names, lens.out_of)


KIND = LensKind(
    key="hoist",
    declared=Hoist,
    summary="the members of an object stand beside it, and it is gone",
    names=names,
    up=up,
    down=down,
    lowered=lowered,
    misfits=fits,
    page=__doc__,
    examples=(
        Example(
            title="No object around two numbers",
            lens="{hoist: [width, height], out_of: size, in: [Thing], because: it is clear}",
            older={
                "size": {
                    "type": "object",
                    "required": ["width", "height"],
                    "properties": {"width": {"type": "integer"}, "height": {"type": "integer"}},
                }
            },
            newer={"width": {"type": "integer"}, "height": {"type": "integer"}},
            below={"size": {"width": 3, "height": 4}},
            above={"width": 3, "height": 4},
        ),
    ),
)
