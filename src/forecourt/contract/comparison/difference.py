"""One difference between two schemas, and the way on to those within."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from forecourt.contract.comparison.shape import Shape
from forecourt.contract.comparison.side import Parts
from forecourt.contract.one_sided import Direction
from forecourt.contract.values import Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A change of a kind, at a place of the old document and one of the new.

    What was not there has the place around it. `message` says what was and what is.
    """

    kind: str
    old: Pointer
    new: Pointer
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The way from a value to one within it: `.name`, `[]`, and the schemas of both sides."""

    name: str
    old: Parts
    new: Parts


# What comes of comparing two shapes.
Found: TypeAlias = "Difference | Step"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The shapes of one value in both contracts.

    `is_text`: it is written as text, as in a query; any text is any number then.
    """

    old: Shape
    new: Shape
    direction: Direction
    is_text: bool = False

    def difference(
        self, facet: str, message: str, *, old: Pointer | None = None, new: Pointer | None = None
    ) -> Difference:
        """A change of a facet of this value; at the schemas themselves, if nothing else is said."""
        return Difference(
            kind=f"{self.direction.name.lower()}-{facet}",
            old=self.old.at if old is None else old,
            new=self.new.at if new is None else new,
            message=message,
        )

    def at_keyword(self, facet: str, keyword: str, message: str) -> Difference:
        """A change at a keyword of both."""
        return self.difference(
            facet, message, old=self.old.place(keyword), new=self.new.place(keyword)
        )

    def is_about(self, kind: str) -> bool:
        """Whether values of that type fit both."""
        return kind in self.old.types and kind in self.new.types

    @property
    def is_one_of_several(self) -> bool:
        """Whether one side is one of the alternatives that the other has."""
        return self.old.is_one_of(self.new) or self.new.is_one_of(self.old)

    @property
    def is_about_numbers(self) -> bool:
        """Whether numbers fit both."""
        return bool(self.old.types & _NUMBERS) and bool(self.new.types & _NUMBERS)


_NUMBERS = frozenset({"number", "integer"})
