"""What a regular expression is made of."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

from forecourt.contract.regular.characters import Ranges


@dataclass(frozen=True, slots=True, kw_only=True)
class Chars:
    """One character out of a set, or with `is_negated` one that is not in it.

    `properties` are of Unicode, as `Lu`, `Letter` or `Script=Greek`; one with a false beside it
    stands for every other character. A set without them is never negated: its ranges say it all.
    """

    ranges: Ranges = ()
    properties: tuple[tuple[str, bool], ...] = ()
    is_negated: bool = False

    def holds(self, character: str) -> bool:
        """Whether it is in the set. Of properties only the general categories are known."""
        code, category = ord(character), unicodedata.category(character)
        is_inside = any(low <= code <= high for low, high in self.ranges) or any(
            category.startswith(_category(name)) is wanted for name, wanted in self.properties
        )
        return is_inside is not self.is_negated


# The long names of Unicode's general categories that are in use.
_CATEGORIES = {
    "Letter": "L",
    "Lowercase_Letter": "Ll",
    "Uppercase_Letter": "Lu",
    "Mark": "M",
    "Number": "N",
    "Decimal_Number": "Nd",
    "Punctuation": "P",
    "Symbol": "S",
    "Separator": "Z",
    "Space_Separator": "Zs",
    "Control": "Cc",
}


def _category(name: str) -> str:
    plain = name.removeprefix("gc=").removeprefix("General_Category=")
    return _CATEGORIES.get(plain, plain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The beginning or the end of the text."""

    which: Literal["start", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    r"""Where a word begins or ends, `\b`; with `is_negated` where none does, `\B`."""

    is_negated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What must follow or stand before, or with `is_negated` must not; it takes no character."""

    inner: Tree
    is_behind: bool
    is_negated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One after the other; none: the empty text."""

    parts: tuple[Tree, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of them."""

    branches: tuple[Tree, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Some times over. `most` None: without end."""

    inner: Tree
    least: int
    most: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What may be referred to later, by number and perhaps by name."""

    names: tuple[str, ...]
    inner: Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """What a group matched, again."""

    name: str


Tree: TypeAlias = Chars | Edge | Boundary | Look | Chain | Choice | Repeat | Group | Back

NOTHING = Chain()
