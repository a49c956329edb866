"""What those who put a value together say to each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from forecourt.contract.sampling.choices import Choices
from forecourt.contract.sampling.conjunction import Conjunction, Node
from forecourt.contract.validity import Path
from forecourt.contract.values import Json, Pointer, child


class NoValue(Exception):
    """No value was found for a schema. `place` is its JSON pointer in the document."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(reason)
        self.place = place
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place in the value, and how it is filled.

    `within` are the schemas of the values around it. `ending`, where it is not None, are those of
    them since which only what is required is shown. `is_lean`: show no more than that right here.
    """

    choices: Choices
    path: Path = ()
    within: tuple[frozenset[Pointer], ...] = ()
    ending: tuple[frozenset[Pointer], ...] | None = None
    is_lean: bool = False

    def inside(self, step: str | int, turn: int = 0) -> Spot:
        return replace(
            self, path=(*self.path, step), choices=self.choices.turned(turn), is_lean=False
        )

    @property
    def shows_only_required(self) -> bool:
        return self.is_lean or self.ending is not None


class Maker(Protocol):
    """Makes the values inside a value."""

    def value(self, nodes: tuple[Node, ...], spot: Spot) -> Json:
        """A value for which all the schemas hold. Raises NoValue."""

    def has_room(self) -> bool:
        """Whether there is room for what need not be there."""

    def repeats(self, nodes: tuple[Node, ...], spot: Spot) -> bool:
        """Whether the schemas are those of a value around: a tree's child, a page's next page."""

    def is_hidden(self, nodes: tuple[Node, ...]) -> bool:
        """Whether only the other side writes it."""


def place_in(together: Conjunction) -> str:
    """The JSON pointer of the first of the schemas that says more than where another stands."""
    places = [n.place for n in together.nodes if n.at is not None and n.schema != _only_refers(n)]
    return next(iter(places), "")


def _only_refers(node: Node) -> Json:
    return {"$ref": child(node.schema, "$ref")}
