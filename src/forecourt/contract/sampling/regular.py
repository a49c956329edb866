"""A regular expression as a tree: ECMAScript's, which is what `pattern` holds."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TypeAlias


class NotRegular(Exception):
    """A pattern that this reader does not know; somebody else may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chars:
    """One character out of a set, or with `negated` one that is not in it.

    `ranges` are code points, both ends belonging. `categories` are of Unicode, as `Lu` or `L`;
    one with a false beside it stands for every other.
    """

    ranges: tuple[tuple[int, int], ...] = ()
    categories: tuple[tuple[str, bool], ...] = ()
    negated: bool = False

    def holds(self, character: str) -> bool:
        point, category = ord(character), unicodedata.category(character)
        inside = any(low <= point <= high for low, high in self.ranges) or any(
            category.startswith(name) is wanted for name, wanted in self.categories
        )
        return inside is not self.negated


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """One after the other; none: the empty text."""

    items: tuple[Tree, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of several."""

    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """So many times; `most` None: without an end."""

    item: Tree
    least: int
    most: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What may be referred to later, by number and perhaps by name."""

    names: tuple[str, ...]
    item: Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """What a group matched, again."""

    name: str


Tree: TypeAlias = Chars | Sequence | Choice | Repeat | Group | Back

NOTHING = Sequence()

_DIGITS = ((0x30, 0x39),)
_WORD = (*_DIGITS, (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
_SPACE = ((9, 13), (0x20, 0x20), (0xA0, 0xA0), (0x2028, 0x2029), (0xFEFF, 0xFEFF))
_LINE_ENDS = ((10, 10), (13, 13), (0x2028, 0x2029))
_EVERYTHING = ((0, 0x10FFFF),)
_CLASSES = {"d": _DIGITS, "w": _WORD, "s": _SPACE}
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}

_COUNTED = re.compile(r"\{(\d{1,6})(?:(,)(\d{0,6}))?\}")
_OPENING = re.compile(r"\(\?(?:P?<([A-Za-z_$][\w$]*)>|(:|[a-z]+:)|(=|!|<=|<!)|[a-z]+\))")
_POINT = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|c([A-Za-z])")
_BACK = re.compile(r"k<([\w$]+)>|([1-9][0-9]?)")
_PROPERTY = re.compile(r"([pP])\{(?:(?:gc|General_Category)=)?(\w+)\}")

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


def read(pattern: str) -> Tree:
    """The tree of a pattern. Raises NotRegular.

    Assertions (anchors, lookahead, word boundaries) are read as nothing: what is made from the tree
    has to be tried against the pattern. ECMA-262, section 22.2 and annex B.1.2.
    """
    reader = _Reader(pattern)
    tree = reader.choice()
    if reader.at < len(pattern):
        raise NotRegular(f"`)` closes nothing in `{pattern}`")
    return tree


@dataclass(slots=True)
class _Reader:
    pattern: str
    at: int = 0
    groups: int = 0
    depth: int = 0

    def _looking_at(self, text: str) -> bool:
        return self.pattern.startswith(text, self.at)

    def _take(self) -> str:
        if self.at >= len(self.pattern):
            raise NotRegular(f"`{self.pattern}` ends too early")
        self.at += 1
        return self.pattern[self.at - 1]

    def _matched(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        found = expression.match(self.pattern, self.at)
        if found is not None:
            self.at = found.end()
        return found

    def choice(self) -> Tree:
        self.depth += 1
        if self.depth > 50:
            raise NotRegular("the pattern is nested too deep")
        items = [self._sequence()]
        while self._looking_at("|"):
            self.at += 1
            items.append(self._sequence())
        self.depth -= 1
        return items[0] if len(items) == 1 else Choice(items=tuple(items))

    def _sequence(self) -> Tree:
        items = []
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            items.append(self._repeated(self._term()))
        return Sequence(items=tuple(items))

    def _repeated(self, item: Tree) -> Tree:
        if self._looking_at("*"):
            least, most, width = 0, None, 1
        elif self._looking_at("+"):
            least, most, width = 1, None, 1
        elif self._looking_at("?"):
            least, most, width = 0, 1, 1
        elif found := _COUNTED.match(self.pattern, self.at):
            least = int(found[1])
            most = least if found[2] is None else int(found[3]) if found[3] else None
            width = found.end() - self.at
        else:
            return item
        self.at += width
        if self._looking_at("?") or self._looking_at("+"):  # lazy, possessive: the same texts
            self.at += 1
        return Repeat(item=item, least=least, most=most)

    def _term(self) -> Tree:
        character = self._take()
        match character:
            case "^" | "$":
                return NOTHING
            case ".":
                return Chars(ranges=_LINE_ENDS, negated=True)
            case "[":
                return self._class()
            case "\\":
                return self._escape()
            case "(":
                return self._group()
            case "*" | "+" | "?":
                raise NotRegular(f"`{character}` repeats nothing in `{self.pattern}`")
            case _:
                return _one(character)

    def _group(self) -> Tree:
        self.at -= 1
        names: tuple[str, ...] = ()
        is_assertion = False
        if found := self._matched(_OPENING):
            if found[0].endswith(")"):  # flags for the rest, as `(?i)`
                return NOTHING
            is_assertion = found[3] is not None
            if found[1] is not None:
                self.groups += 1
                names = (str(self.groups), found[1])
        elif self._looking_at("(?"):
            raise NotRegular(f"a group of `{self.pattern}` begins in an unknown way")
        else:
            self.at += 1
            self.groups += 1
            names = (str(self.groups),)
        item = self.choice()
        if self._take() != ")":
            raise NotRegular(f"a group of `{self.pattern}` does not close")
        if is_assertion:
            return NOTHING
        return Group(names=names, item=item) if names else item

    def _escape(self) -> Tree:
        if self._looking_at("b") or self._looking_at("B"):
            self.at += 1
            return NOTHING
        if found := self._matched(_BACK):
            return Back(name=found[1] or found[2])
        escaped = self._escaped()
        return _one(escaped) if isinstance(escaped, str) else escaped

    def _escaped(self) -> str | Chars:
        """What stands after a backslash, in a class or outside."""
        if found := self._matched(_PROPERTY):
            name = _CATEGORIES.get(found[2], found[2])
            if not re.fullmatch(r"[CLMNPSZ][a-z]?", name):
                raise NotRegular(f"`{found[0]}` is no general category")
            return Chars(categories=((name, found[1] == "p"),))
        if found := self._matched(_POINT):
            if found[4]:
                return chr(ord(found[4]) % 32)
            point = int(found[1] or found[2] or found[3], 16)
            if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF:
                raise NotRegular(f"`\\{found[0]}` is no character")
            return chr(point)
        character = self._take()
        if character in "pP" and self._looking_at("{"):
            raise NotRegular(f"a property of `{self.pattern}` is no general category")
        if (ranges := _CLASSES.get(character.lower())) is not None:
            return Chars(ranges=ranges, negated=character.isupper())
        if character == "0":
            return "\0"
        return chr(_CONTROLS[character]) if character in _CONTROLS else character

    def _class(self) -> Tree:
        negated = self._looking_at("^")
        self.at += negated
        members: list[Chars] = []
        while not self._looking_at("]"):
            low = self._member()
            ends = isinstance(low, Chars) or not self._looking_at("-")
            if ends or self.pattern.startswith("-]", self.at):
                members.append(_one(low) if isinstance(low, str) else low)
                continue
            self.at += 1
            high = self._member()
            if isinstance(high, Chars):  # `[a-\d]`: three members
                members += [_one(str(low)), _one("-"), high]
            elif ord(str(low)) > ord(high):
                raise NotRegular(f"a range of `{self.pattern}` runs backwards")
            else:
                members.append(Chars(ranges=((ord(str(low)), ord(high)),)))
        self.at += 1
        return _union(members, negated=negated)

    def _member(self) -> str | Chars:
        character = self._take()
        if character != "\\":
            return character
        if self._looking_at("b"):
            self.at += 1
            return "\b"
        return self._escaped()


def _one(character: str) -> Chars:
    return Chars(ranges=((ord(character), ord(character)),))


def _union(members: list[Chars], *, negated: bool) -> Chars:
    ranges: list[tuple[int, int]] = []
    categories: list[tuple[str, bool]] = []
    for member in members:
        ranges += _others(member.ranges) if member.negated else member.ranges
        categories += member.categories
    return Chars(ranges=tuple(ranges), categories=tuple(categories), negated=negated)


def _others(ranges: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """All code points that are in none of the ranges, which are sorted."""
    others, begin = [], 0
    for low, high in ranges:
        if begin < low:
            others.append((begin, low - 1))
        begin = high + 1
    return [*others, (begin, _EVERYTHING[0][1])]
