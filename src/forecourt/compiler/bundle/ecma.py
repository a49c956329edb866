"""Regular expressions of ECMAScript, as far as they are regular: text to tree.

Read as with the flag `u`, by code points, as JSON Schema asks (2020-12 core, section 6.4). What
only the older syntax allows (`\\-`, a lone `]`) is read too, where both would say the same.
Source: ECMA-262, section 22.2.1 and Annex B.1.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

# Code points, first and last; sorted and apart.
Ranges: TypeAlias = tuple[tuple[int, int], ...]

LAST = 0x10FFFF


class NotRegular(Exception):
    """The pattern says what no automaton can, or is none. `args[0]` says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chars:
    """One character out of some."""

    ranges: Ranges


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The beginning or the end of the text."""

    which: Literal["start", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One after the other."""

    parts: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of them."""

    branches: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Some times over. `most` None: without end."""

    inner: Pattern
    least: int
    most: int | None


Pattern: TypeAlias = Chars | Edge | Chain | Choice | Repeat


def union(*several: Ranges) -> Ranges:
    """The ranges of all, put together where they meet."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(r for ranges in several for r in ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def complement(ranges: Ranges) -> Ranges:
    """Every other code point."""
    gaps, after = [], 0
    for first, last in ranges:
        if first > after:
            gaps.append((after, first - 1))
        after = last + 1
    if after <= LAST:
        gaps.append((after, LAST))
    return tuple(gaps)


DIGIT: Ranges = ((0x30, 0x39),)
WORD: Ranges = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
# WhiteSpace and LineTerminator (sections 12.2 and 12.3); Zs of Unicode 15.
SPACE: Ranges = union(
    ((0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A)),
    ((0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)),
)
DOT: Ranges = complement(((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)))
_CLASSES = {
    "d": DIGIT,
    "w": WORD,
    "s": SPACE,
    "D": complement(DIGIT),
    "W": complement(WORD),
    "S": complement(SPACE),
}
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_SYNTAX = frozenset("^$\\.*+?()[]{}|/")
_HEX = frozenset("0123456789abcdefABCDEF")
_MOST_REPEATS = 5000
_MOST_DEPTH = 100


def read_pattern(text: str) -> Pattern:
    """The tree of a pattern. NotRegular where no automaton could say the same."""
    reader = _Reader(text)
    tree = reader.choice(0)
    if reader.rest():
        raise NotRegular("a bracket that nobody opened")
    if reader.is_old and reader.counts_units:
        raise NotRegular("older syntax, which counts half characters")
    return tree


class _Reader:
    """Where the reading is, and whether anything was read that only the older syntax has."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.is_old = False
        # Whether a character beyond 16 bits could be matched, which older syntax takes for two.
        self.counts_units = False

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

    def choice(self, depth: int) -> Pattern:
        if depth > _MOST_DEPTH:
            raise NotRegular("brackets within brackets within brackets")
        branches = [self.chain(depth)]
        while self.skip("|"):
            branches.append(self.chain(depth))
        return branches[0] if len(branches) == 1 else Choice(branches=tuple(branches))

    def chain(self, depth: int) -> Pattern:
        parts: list[Pattern] = []
        while self.rest() and self.peek() not in "|)":
            parts.append(self.term(depth))
        return parts[0] if len(parts) == 1 else Chain(parts=tuple(parts))

    def term(self, depth: int) -> Pattern:
        char = self.take()
        match char:
            case "^":
                return Edge(which="start")
            case "$":
                return Edge(which="end")
            case "(":
                atom = self.group(depth)
            case "[":
                atom = self.char(self.char_class())
            case ".":
                atom = self.char(DOT)
            case "\\":
                atom = self.char(self.escape(is_in_class=False))
            case "*" | "+" | "?":
                raise NotRegular(f"`{char}` with nothing before it")
            case "{":
                if self.count() is not None:
                    raise NotRegular("a count with nothing before it")
                self.is_old = True
                atom = self.char(_one("{"))
            case _:
                self.is_old |= char in "]}"
                atom = self.char(_one(char))
        return self.repeated(atom)

    def char(self, ranges: Ranges) -> Chars:
        self.counts_units |= bool(ranges) and ranges[-1][1] > 0xFFFF
        return Chars(ranges=ranges)

    def group(self, depth: int) -> Pattern:
        if self.skip("?"):
            if self.skip("<"):
                if self.peek() in {"=", "!"}:
                    raise NotRegular("it looks behind")
                name = self.text.find(">", self.at)
                if name < 0 or not self.text[self.at : name].isidentifier():
                    raise NotRegular("a group without a proper name")
                self.at = name + 1
            elif not self.skip(":"):
                ahead = self.peek() in {"=", "!"}
                raise NotRegular("it looks ahead" if ahead else "flags within")
        inner = self.choice(depth + 1)
        if not self.skip(")"):
            raise NotRegular("a bracket that nobody closed")
        return inner

    def repeated(self, atom: Pattern) -> Pattern:
        least: int
        most: int | None
        if self.skip("*"):
            least, most = 0, None
        elif self.skip("+"):
            least, most = 1, None
        elif self.skip("?"):
            least, most = 0, 1
        elif self.peek() == "{":
            self.at += 1
            counted = self.count()
            if counted is None:
                self.at -= 1
                return atom
            least, most = counted
        else:
            return atom
        self.skip("?")  # how much is taken first changes no verdict
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
        if max(least, most or 0) > _MOST_REPEATS:
            raise NotRegular(f"more than {_MOST_REPEATS} repetitions")
        if most is not None and most < least:
            raise NotRegular("a count that ends before it begins")
        return least, most

    def char_class(self) -> Ranges:
        is_negated = self.skip("^")
        found: list[Ranges] = []
        while not self.skip("]"):
            first = self.class_atom()
            if self.peek() == "-" and self.peek(2) not in {"-", "-]"}:
                self.at += 1
                last = self.class_atom()
                if _is_single(first) and _is_single(last):
                    if last[0][0] < first[0][0]:
                        raise NotRegular("a range that ends before it begins")
                    found.append(((first[0][0], last[0][0]),))
                else:
                    self.is_old = True
                    found += [first, _one("-"), last]
            else:
                found.append(first)
        ranges = union(*found)
        return complement(ranges) if is_negated else ranges

    def class_atom(self) -> Ranges:
        char = self.take()
        return self.escape(is_in_class=True) if char == "\\" else _one(char)

    def escape(self, *, is_in_class: bool) -> Ranges:
        char = self.take()
        if char in _CLASSES:
            return _CLASSES[char]
        if char in _CONTROLS:
            return _point(_CONTROLS[char])
        if char in _SYNTAX or (is_in_class and char == "-"):
            return _one(char)
        if char == "b" and is_in_class:
            return _point(8)
        if char == "0" and not self.peek().isdigit():
            return _point(0)
        if char == "x":
            return _point(self.hexadecimal(2))
        if char == "u":
            return _point(self.unicode_escape())
        if char.isalnum() or not char.isascii():
            raise NotRegular(f"`\\{char}`")
        self.is_old = True
        return _one(char)

    def hexadecimal(self, length: int) -> int:
        digits = self.peek(length)
        if len(digits) < length or not _HEX.issuperset(digits):
            raise NotRegular("an escape without its digits")
        self.at += length
        return int(digits, 16)

    def unicode_escape(self) -> int:
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
                    return 0x10000 + (code - 0xD800) * 0x400 + low - 0xDC00
                code = low
        if 0xD800 <= code < 0xE000:
            raise NotRegular("half a surrogate pair")
        return code


def _one(char: str) -> Ranges:
    return _point(ord(char))


def _point(code: int) -> Ranges:
    return ((code, code),)


def _is_single(ranges: Ranges) -> bool:
    return len(ranges) == 1 and ranges[0][0] == ranges[0][1]
