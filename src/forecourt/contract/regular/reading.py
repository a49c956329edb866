r"""Reads a regular expression.

Read as with the flag `u`, by code points, as JSON Schema asks (2020-12 core, section 6.4). What
only the older syntax allows (`\-`, a lone `]`) is read too, and noted; so is what only other
languages have. Source: ECMA-262, section 22.2.1 and Annex B.1.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from forecourt.contract.regular.characters import (
    CLASSES,
    CONTROLS,
    DOT,
    LAST,
    Ranges,
    complement,
    point,
    union,
)
from forecourt.contract.regular.tree import (
    NOTHING,
    Back,
    Boundary,
    Chain,
    Chars,
    Choice,
    Edge,
    Group,
    Look,
    Repeat,
    Tree,
)


class NotRegular(Exception):
    """The pattern is none, or says what whoever asks cannot. `args[0]` says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A pattern that was read.

    `strict` is the same pattern without what only Annex B allows or what engines are known to
    refuse. `foreign` says what in it ECMAScript does not have, if anything: the tree is then what
    the other language most likely means. `counts_halves`: by the older syntax, without which the
    pattern is none, a character beyond 16 bits would be two.
    """

    tree: Tree
    strict: str
    foreign: str | None
    counts_halves: bool


@lru_cache(maxsize=4096)
def read_pattern(text: str) -> Read:
    """The tree of a pattern. Raises NotRegular where it is none."""
    reader = _Reader(text)
    tree = reader.choice(0)
    if reader.rest():
        raise NotRegular("a bracket that nobody opened")
    return Read(
        tree=tree,
        strict=reader.strict(),
        foreign=reader.foreign,
        counts_halves=reader.is_old and reader.is_wide,
    )


_SYNTAX = frozenset("^$\\.*+?()[]{}|/")
_HEX = frozenset("0123456789abcdefABCDEF")
_MOST_DEPTH = 100
_NAMED = re.compile(r"(P?)<((?:[^\W\d]|\$)[\w$]*)>")
_PLAIN_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_LOOK = re.compile(r"(<?)([=!])")
_FLAGS = re.compile(r"[a-z-]+([:)])")
_BACK = re.compile(r"k<([\w$]+)>|([1-9][0-9]?)")
_PROPERTY = re.compile(r"([pP])\{([\w=]+)\}")


@dataclass(slots=True)
class _Reader:
    """Where the reading is, and what was met on the way."""

    text: str
    at: int = 0
    # The names of the groups so far, "" for one without.
    groups: list[str] = field(default_factory=list)
    # Places of the text, and what is written there in strict syntax.
    mends: list[tuple[int, int, str]] = field(default_factory=list)
    is_old: bool = False
    is_wide: bool = False
    foreign: str | None = None

    def rest(self) -> bool:
        return self.at < len(self.text)

    def peek(self, length: int = 1) -> str:
        return self.text[self.at : self.at + length]

    def take(self) -> str:
        if not self.rest():
            raise NotRegular("it ends too early")
        self.at += 1
        return self.text[self.at - 1]

    def skip(self, text: str) -> bool:
        if self.text.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def matched(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        if found := expression.match(self.text, self.at):
            self.at = found.end()
        return found

    def mend(self, begin: int, strict: str) -> None:
        """What stands from there to here is written so in strict syntax."""
        self.mends.append((begin, self.at, strict))

    def strict(self) -> str:
        parts, after = [], 0
        for begin, end, strict in self.mends:
            parts += [self.text[after:begin], strict]
            after = end
        return "".join([*parts, self.text[after:]])

    def is_of_others(self, what: str) -> None:
        self.foreign = self.foreign or what

    # --- the grammar ------------------------------------------------------------------------------

    def choice(self, depth: int) -> Tree:
        if depth > _MOST_DEPTH:
            raise NotRegular("brackets within brackets within brackets")
        branches = [self.chain(depth)]
        while self.skip("|"):
            branches.append(self.chain(depth))
        return branches[0] if len(branches) == 1 else Choice(branches=tuple(branches))

    def chain(self, depth: int) -> Tree:
        parts: list[Tree] = []
        while self.rest() and self.peek() not in "|)":
            parts.append(self.term(depth))
        return parts[0] if len(parts) == 1 else Chain(parts=tuple(parts))

    def term(self, depth: int) -> Tree:
        begin, char = self.at, self.take()
        match char:
            case "^":
                return Edge(which="start")
            case "$":
                return Edge(which="end")
            case "(":
                return self.repeated(self.group(depth))
            case "[":
                return self.repeated(self.char_class(begin))
            case ".":
                return self.repeated(self.chars(DOT))
            case "\\" if self.peek() in {"b", "B"}:
                return Boundary(is_negated=self.take() == "B")
            case "\\":
                return self.repeated(self.escape(begin, is_in_class=False))
            case "*" | "+" | "?":
                raise NotRegular(f"`{char}` with nothing before it")
            case "{":
                if self.count() is not None:
                    raise NotRegular("a count with nothing before it")
                self.is_old = True
                self.mend(begin, r"\{")
            case _:
                self.is_old |= char in "]}"
        return self.repeated(self.chars(point(ord(char))))

    def chars(self, ranges: Ranges) -> Chars:
        self.is_wide |= bool(ranges) and ranges[-1][1] > 0xFFFF
        return Chars(ranges=ranges)

    def group(self, depth: int) -> Tree:
        begin = self.at
        names: tuple[str, ...] = ()
        look: re.Match[str] | None = None
        if not self.skip("?"):
            self.groups.append("")
            names = (str(len(self.groups)),)
        elif found := self.matched(_NAMED):
            if found[1]:
                self.is_of_others("a group named as in Python")
            self.groups.append(found[2])
            names = (str(len(self.groups)), found[2])
            if not _PLAIN_NAME.fullmatch(found[2]):
                self.mend(begin, "")
        elif (look := self.matched(_LOOK)) is None and not self.skip(":"):
            if (flags := self.matched(_FLAGS)) is None:
                raise NotRegular("a group that begins in an unknown way")
            self.is_of_others("flags within")
            if flags[1] == ")":  # for the rest, as `(?i)`
                return NOTHING
        inner = self.choice(depth + 1)
        if not self.skip(")"):
            raise NotRegular("a bracket that nobody closed")
        if look is not None:
            return Look(inner=inner, is_behind=look[1] == "<", is_negated=look[2] == "!")
        return Group(names=names, inner=inner) if names else inner

    def repeated(self, atom: Tree) -> Tree:
        least: int
        most: int | None
        begin = self.at
        if self.skip("*"):
            least, most = 0, None
        elif self.skip("+"):
            least, most = 1, None
        elif self.skip("?"):
            least, most = 0, 1
        elif self.skip("{"):
            counted = self.count()
            if counted is None:
                self.at = begin
                return atom
            least, most = counted
        else:
            return atom
        self.skip("?")  # how much is taken first changes no verdict
        if self.skip("+"):
            self.is_of_others("a repetition of a repetition")
        if self.peek() in {"*", "+", "?"}:
            raise NotRegular("a repetition of a repetition")
        return Repeat(inner=atom, least=least, most=most)

    def count(self) -> tuple[int, int | None] | None:
        """What stands behind `{`, up to `}`; None, and nothing taken, if that is no count."""
        end = self.text.find("}", self.at)
        first, comma, last = self.text[self.at : max(end, self.at)].partition(",")
        is_count = first.isascii() and first.isdigit() and (last == "" or last.isdigit())
        if end < 0 or not is_count or not last.isascii():
            return None
        self.at = end + 1
        least = int(first[:9])
        most = (int(last[:9]) if last else None) if comma else least
        if most is not None and most < least:
            raise NotRegular("a count that ends before it begins")
        return least, most

    # --- sets and escapes -------------------------------------------------------------------------

    def char_class(self, begin: int) -> Chars:
        is_negated = self.skip("^")
        found: list[Chars] = []
        first_mend = len(self.mends)
        while not self.skip("]"):
            first = self.class_atom()
            hyphen = self.at
            if self.peek() != "-" or self.peek(2) in {"-", "-]"}:
                found.append(first)
                continue
            self.at += 1
            place = len(self.mends)
            last = self.class_atom()
            if _is_single(first) and _is_single(last):
                if last.ranges[0][0] < first.ranges[0][0]:
                    raise NotRegular("a range that ends before it begins")
                found.append(Chars(ranges=((first.ranges[0][0], last.ranges[0][0]),)))
            else:
                self.is_old = True
                self.mends.insert(place, (hyphen, hyphen + 1, r"\-"))
                found += [first, Chars(ranges=point(ord("-"))), last]
        ranges = union(*(chars.ranges for chars in found))
        properties = tuple(p for chars in found for p in chars.properties)
        if not found:
            del self.mends[first_mend:]
            self.mend(begin, r"[\s\S]" if is_negated else "(?!)")
        if properties:
            self.is_wide = True
            return Chars(ranges=ranges, properties=properties, is_negated=is_negated)
        return self.chars(complement(ranges) if is_negated else ranges)

    def class_atom(self) -> Chars:
        begin, char = self.at, self.take()
        if char != "\\":
            return Chars(ranges=point(ord(char)))
        escaped = self.escape(begin, is_in_class=True)
        if not isinstance(escaped, Chars):
            raise NotRegular("a group within a set")
        return escaped

    def escape(self, begin: int, *, is_in_class: bool) -> Chars | Back:
        if not is_in_class and (found := self.matched(_BACK)):
            return self.back(found, begin)
        if found := self.matched(_PROPERTY):
            self.is_wide = True
            return Chars(properties=((found[2], found[1] == "p"),))
        char = self.take()
        if char in CLASSES:
            return Chars(ranges=CLASSES[char]) if is_in_class else self.chars(CLASSES[char])
        code = self.code(char, begin, is_in_class=is_in_class)
        return self.chars(point(code))

    def back(self, found: re.Match[str], begin: int) -> Back:
        """What a group matched that stands before; strictly, by its number."""
        name = found[1] or found[2]
        if found[1] is not None:
            if name not in self.groups:
                raise NotRegular(f"`\\{found[0]}`, and no group before it has that name")
            self.mend(begin, f"(?:\\{self.groups.index(name) + 1})")
        return Back(name=name)

    def code(self, char: str, begin: int, *, is_in_class: bool) -> int:
        """The character that stands behind a backslash and begins with `char`."""
        if char in CONTROLS:
            return CONTROLS[char]
        if char in _SYNTAX or (is_in_class and char == "-"):
            return ord(char)
        if char == "b" and is_in_class:
            self.mend(begin, r"\x08")
            return 8
        if char == "0" and not self.peek().isdigit():
            self.mend(begin, r"\x00")
            return 0
        if char == "x":
            return self.hexadecimal(2)
        if char == "u":
            return self.unicode_escape(begin)
        if char == "c" and self.peek().isascii() and self.peek().isalpha():
            return ord(self.take()) % 32
        if char.isdigit() or char in "pP":
            raise NotRegular(f"`\\{char}`")
        if char.isalnum() or not char.isascii():
            self.is_of_others(f"`\\{char}`")
        self.is_old = True
        return ord(char)

    def hexadecimal(self, length: int) -> int:
        digits = self.peek(length)
        if len(digits) < length or not _HEX.issuperset(digits):
            raise NotRegular("an escape without its digits")
        self.at += length
        return int(digits, 16)

    def unicode_escape(self, begin: int) -> int:
        if self.skip("{"):
            end = self.text.find("}", self.at)
            digits = self.text[self.at : max(end, self.at)]
            if not digits or not _HEX.issuperset(digits) or int(digits, 16) > LAST:
                raise NotRegular("an escape without its digits")
            self.at = end + 1
            code = int(digits, 16)
        else:
            code = self.hexadecimal(4)
            if 0xD800 <= code < 0xDC00 and self.peek(2) == "\\u":
                self.at += 2
                low = self.hexadecimal(4)
                if 0xDC00 <= low < 0xE000:
                    code = 0x10000 + (code - 0xD800) * 0x400 + low - 0xDC00
                    self.mend(begin, f"\\u{{{code:x}}}")
                    return code
                code = low
        if 0xD800 <= code < 0xE000:
            raise NotRegular("half a surrogate pair")
        return code


def _is_single(chars: Chars) -> bool:
    ranges = chars.ranges
    return not chars.properties and len(ranges) == 1 and ranges[0][0] == ranges[0][1]
