"""Members move into an object of their own.

Way up: the members that are there become an object; where none is, there is none. Way down: they
stand beside the others again.

Losses
    Members of the object besides these, which older callers have no place for. `on_loss: refuse`
    refuses the message (unless something else is written), `omit` leaves them out.
"""

from __future__ import annotations

from forecourt.contract.lenses.around import Around
from forecourt.contract.lenses.kind import Example, LensKind, Names, fits
from forecourt.contract.lenses.shape import Shape
from forecourt.contract.lenses.spreading import spread
from forecourt.contract.lenses.steps import Gather, OnLoss, Spread, Step
from forecourt.estate.changes import Nest


def names(lens: Nest) -> Names:
    """They go, and the object comes."""
    return Names(takes=tuple((n, "nest") for n in lens.names), gives=((lens.into, "into"),))


def up(lens: Nest, around: Around) -> tuple[Step, ...]:
    """Into the object."""
    return (Gather(names=lens.names, into=lens.into),)


def down(lens: Nest, around: Around) -> tuple[Step, ...]:
    """Out of it."""
    return (Spread(name=lens.into, names=lens.names, on_loss=OnLoss(lens.on_loss)),)


def lowered(lens: Nest, shape: Shape) -> None:
    """What the object says of each, beside the others."""
    spread(shape, lens.into, lens.names)


KIND = LensKind(
    key="nest",
    declared=Nest,
    summary="members move into an object of their own",
    names=names,
    up=up,
    down=down,
    lowered=lowered,
    misfits=fits,
    page=__doc__,
    examples=(
        Example(
            title="An address of its own",
            lens="{nest: [street, city], into: address, in: [Thing], because: people have several}",
            older={"street": {"type": "string"}, "city": {"type": "string"}},
            newer={
                "address": {
                    "type": "object",
                    "required": ["street", "city"],
                    "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
                }
            },
            below={"street": "Kanalgata 3", "city": "Bergen"},
            above={"address": {"street": "Kanalgata 3", "city": "Bergen"}},
        ),
    ),
)
