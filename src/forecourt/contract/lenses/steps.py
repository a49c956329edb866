"""The steps that lenses are made of. Each goes one way; a lens is some steps up, and some down.

What a step cannot say in the other version is a loss. `OnLoss` says what becomes of it, and nothing
is ever approximated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from forecourt.contract.values import Json


class OnLoss(Enum):
    """What becomes of a value that the other version cannot say."""

    REFUSE = "refuse"  # the message is refused: the problem `not-representable`
    OMIT = "omit"  # the member is left out
    NULL = "null"  # it is null


# --- what becomes of one value ------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Convert:
    """Says a value in another unit or spelling, by a converter of `converters`.

    `is_back`: from what the converter makes to what it takes. Where a number comes of it, one that
    is less than `least` or more than `most` is a loss.
    """

    converter: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    is_back: bool = False
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """One scalar for another; what stands in no pair stays as it is, or is a loss."""

    pairs: tuple[tuple[Json, Json], ...]
    keeps_others: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InObject:
    """`v` becomes `{"name": v}`."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfObject:
    """`{"name": v}` becomes `v`. A loss: members besides `ignored`, no `name`, no object."""

    name: str
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InList:
    """`v` becomes `[v]`."""


@dataclass(frozen=True, slots=True)
class OutOfList:
    """`[v]` becomes `v`. A loss: more than one item, none, no list."""


ValueStep: TypeAlias = Convert | Map | InObject | OutOfObject | InList | OutOfList

# --- what becomes of the members of an object -----------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """A member under another name, where it stood. Another that has that name already goes.

    It goes also where there is nothing to rename: by that name it was not declared.
    """

    name: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One member's value by a value step; nothing where it is not there. Null stays null."""

    name: str
    by: ValueStep
    on_loss: OnLoss = OnLoss.REFUSE


@dataclass(frozen=True, slots=True, kw_only=True)
class Gather:
    """Members move, as they are, into a member of their own: `into`, an object.

    Where none of them is there, none is made. What `into` held before goes.
    """

    names: tuple[str, ...]
    into: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Members of the object `name` move out, and it goes. Others than `names` in it are a loss.

    A loss that is not refused goes with it. `name` that is null or not there: nothing moves.
    """

    name: str
    names: tuple[str, ...]
    on_loss: OnLoss = OnLoss.REFUSE


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """A member with that value, where it is not there."""

    name: str
    value: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A member goes. `on_loss` REFUSE: a message that has it is refused, be it null."""

    name: str
    on_loss: OnLoss = OnLoss.OMIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """The value itself, whatever it is, by a value step. What is lost is refused."""

    by: ValueStep


Step: TypeAlias = Rename | Change | Gather | Spread | Put | Drop | Whole
