"""A member has another name.

Way up: the member, as it is, under its new name. Way down: under its old one. With `part`, a
parameter in the query, a header field or a cookie of the operations that `in` names.

Losses
    None. What an older caller sends under the new name is not known to its contract, and goes.
"""

from __future__ import annotations

from forecourt.contract.lenses.around import Around
from forecourt.contract.lenses.kind import Example, LensKind, Names, fits
from forecourt.contract.lenses.shape import Shape
from forecourt.contract.lenses.steps import Rename as RenameStep
from forecourt.contract.lenses.steps import Step
from forecourt.estate.changes import Rename


def names(lens: Rename) -> Names:
    """One goes, one comes."""
    return Names(takes=((lens.name, "rename"),), gives=((lens.to, "to"),))


def up(lens: Rename, around: Around) -> tuple[Step, ...]:
    """By its new name."""
    return (RenameStep(name=lens.name, to=lens.to),)


def down(lens: Rename, around: Around) -> tuple[Step, ...]:
    """By its old name."""
    return (RenameStep(name=lens.to, to=lens.name),)


def lowered(lens: Rename, shape: Shape) -> None:
    """The same schema under the old name."""
    if (taken := shape.take(lens.to)) is not None:
        shape.put(lens.name, taken[0], is_required=taken[1])


KIND = LensKind(
    key="rename",
    declared=Rename,
    summary="a member or parameter has another name",
    names=names,
    up=up,
    down=down,
    lowered=lowered,
    misfits=fits,
    page=__doc__,
    examples=(
        Example(
            title="A name that is spelt as the others are",
            lens="{rename: customer_id, to: customerId, in: [Thing], because: consistency}",
            older={"customer_id": {"type": "string"}},
            newer={"customerId": {"type": "string"}},
            below={"customer_id": "cus_8fK2mQ"},
            above={"customerId": "cus_8fK2mQ"},
        ),
    ),
)
