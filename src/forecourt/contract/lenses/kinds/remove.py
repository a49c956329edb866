"""A member or parameter is gone.

Way up: a message that has it is refused, or goes without it. Way down: where the newer version does
not say it, it is put in with `default`, if one is written. With `part`, a parameter of the
operations that `in` names.

Losses
    What older callers send in it. `on_loss: refuse` refuses such a request (unless something else
    is written), `omit` leaves it out.
"""

from __future__ import annotations

from forecourt.contract.lenses.around import Around
from forecourt.contract.lenses.kind import Example, LensKind, Names, fits
from forecourt.contract.lenses.shape import Shape
from forecourt.contract.lenses.steps import Drop, OnLoss, Put, Step
from forecourt.estate.changes import Remove


def names(lens: Remove) -> Names:
    """It goes."""
    return Names(takes=((lens.name, "remove"),))


def up(lens: Remove, around: Around) -> tuple[Step, ...]:
    """Without it."""
    return (Drop(name=lens.name, on_loss=OnLoss(lens.on_loss)),)


def down(lens: Remove, around: Around) -> tuple[Step, ...]:
    """With what older callers expect to read."""
    return (Put(name=lens.name, value=lens.default),) if lens.has_default else ()


def lowered(lens: Remove, shape: Shape) -> None:
    """There in requests; in answers where something is put in."""
    if shape.is_request:
        shape.put(lens.name, shape.older(lens.name), is_required=False)
    elif lens.has_default:
        shape.put(lens.name, {"const": lens.default}, is_required=True)


KIND = LensKind(
    key="remove",
    declared=Remove,
    summary="a member or parameter is gone",
    names=names,
    up=up,
    down=down,
    lowered=lowered,
    misfits=fits,
    page=__doc__,
    examples=(
        Example(
            title="A flag that everybody has now",
            lens="{remove: verified, default: true, on_loss: omit, in: [Thing], because: all are}",
            older={"name": {"type": "string"}, "verified": {"type": "boolean"}},
            newer={"name": {"type": "string"}},
            below={"name": "Ada", "verified": True},
            above={"name": "Ada"},
        ),
        Example(
            title="What nobody can be told any more",
            lens="{remove: fax, in: [Thing], because: nobody reads it}",
            older={"fax": {"type": "string"}},
            newer={},
            below={"fax": "+47 55 00 00 00"},
            above=None,
            direction="up",
            optional=("fax",),
        ),
    ),
)
