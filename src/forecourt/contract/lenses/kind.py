"""What a lens is to whoever lowers contracts into programs: its steps both ways, and its page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from forecourt.contract.lenses.around import Around
from forecourt.contract.lenses.shape import Shape
from forecourt.contract.lenses.steps import Step
from forecourt.contract.values import Json
from forecourt.estate.changes import AnyLens, Lens
from forecourt.source.codes import LENS_DOES_NOT_FIT, Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The members that a lens is about, each with the key of the file that says it.

    `takes` are of the older version and gone afterwards, `gives` are of the newer one and were not
    there before, `keeps` are there in both.
    """

    takes: tuple[tuple[str, str], ...] = ()
    gives: tuple[tuple[str, str], ...] = ()
    keeps: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """Why a lens cannot do what it says where it says it. `key` is the one of the file to blame."""

    key: str
    message: str
    help: str
    code: Code = LENS_DOES_NOT_FIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A lens at work in a schema called `Thing`, for its page and its test.

    `older` and `newer` are the properties that both contracts declare, all of them required unless
    `optional` names them. `below` is what a message of the older version is, `above` what it is in
    the newer; None: it cannot be said there.
    """

    title: str
    lens: str
    older: dict[str, Json]
    newer: dict[str, Json]
    below: Json
    above: Json
    direction: str = "both"  # or "up", "down", where the other way gives something else
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A lens that works on whole messages, for its page: what is sent below, and what above."""

    title: str
    lens: str
    below: str
    above: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLens:
    """A word of the vocabulary that works on whole messages; `page` is the module's docstring."""

    key: str
    declared: type[Lens]
    summary: str
    page: str
    shown: tuple[Shown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LensKind:
    """One word of the vocabulary.

    `up` are its steps from the older version to the newer, `down` the way back, both within one
    object. `lowered` makes of the newer object's schema what an older caller sees. `page` is the
    module's docstring.
    """

    key: str
    declared: type[Lens]
    summary: str
    names: Callable[[Any], Names]
    up: Callable[[Any, Around], tuple[Step, ...]]
    down: Callable[[Any, Around], tuple[Step, ...]]
    lowered: Callable[[Any, Shape], None]
    misfits: Callable[[Any, Around], Iterator[Misfit]]
    page: str
    examples: tuple[Example, ...]


def fits(lens: AnyLens, around: Around) -> Iterator[Misfit]:
    """Of a lens that fits wherever its members are."""
    yield from ()
