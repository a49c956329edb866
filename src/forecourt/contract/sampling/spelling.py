"""Texts that match a pattern, from its tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from forecourt.contract.regular.tree import (
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
from forecourt.contract.sampling.choices import Choices

MOST_CHARACTERS = 20_000

_LOWER = "abcdefghijklmnopqrstuvwxyz"
# The characters that are tried in a set, the plainest first.
_ALPHABET = (
    _LOWER + "0123456789" + _LOWER.upper() + "-_. /:@,+=#%&;!?*~'\"$()[]{}<>|^`\\\t\n\réßñçΩжあ中\0"
)


class TooLong(Exception):
    """A text that would have more characters than anybody wants to see."""


def spellings(tree: Tree, least: int, most: int | None, choices: Choices) -> Iterator[str]:
    """Texts to try, a hundred at most, the plainest first. Lengths are in characters.

    They match the tree but for what takes no character (edges, boundaries, what to look for), so
    each has to be tried. If a text of `least` to `most` characters exists, it is likely to be among
    them, but need not be.
    """
    for style in _STYLES:
        yield from _growing(tree, least, most, choices, style)
    for turn in range(40):  # for the lookahead that rules out what is plain
        mixed = Choices(seed=f"{choices.seed} {choices.turn} {turn}")
        yield _spelled(tree, mixed, growth=turn % 7, style=_STYLES[turn % 2])


# How often at least where any number of times would do: `[a-z]*` is seen better with one letter.
_STYLES = (1, 0)


def _growing(
    tree: Tree, least: int, most: int | None, choices: Choices, style: int
) -> Iterator[str]:
    """First without growing, then all repeats by as much as is wanting, then one of them."""
    text = _spelled(tree, choices, growth=0, style=style)
    yield text
    wanting = least - len(text)
    if wanting <= 0:
        return
    yield from (text + "a" * wanting, "a" * wanting + text)  # a pattern may have text around it
    for only in (None, *range(12)):
        low, high = 0, 1
        while len(_spelled(tree, choices, growth=high, only=only, style=style)) < least:
            low, high = high, high * 2
            if high > 2 * least:
                break
        while low + 1 < high:
            middle = (low + high) // 2
            long_enough = (
                len(_spelled(tree, choices, growth=middle, only=only, style=style)) >= least
            )
            low, high = (low, middle) if long_enough else (middle, high)
        yield _spelled(tree, choices, growth=high, only=only, style=style)


def _spelled(
    tree: Tree, choices: Choices, *, growth: int, style: int, only: int | None = None
) -> str:
    speller = _Speller(choices=choices, growth=growth, only=only, style=style)
    speller.spell(tree)
    return "".join(speller.parts)


@dataclass(slots=True)
class _Speller:
    choices: Choices
    growth: int
    only: int | None
    style: int
    parts: list[str] = field(default_factory=list)
    matched: dict[str, str] = field(default_factory=dict)
    repeats: int = 0
    length: int = 0

    def spell(self, tree: Tree) -> None:
        match tree:
            case Chars():
                self._add(_character(tree, self.choices, len(self.parts)))
            case Chain(parts=parts):
                for part in parts:
                    self.spell(part)
            case Choice(branches=branches):
                self.spell(branches[self.choices.among(len(branches), "choice", len(self.parts))])
            case Repeat(inner=inner):
                for _ in range(self._times(tree)):
                    self.spell(inner)
            case Group(names=names, inner=inner):
                begin = len(self.parts)
                self.spell(inner)
                self.matched.update(dict.fromkeys(names, "".join(self.parts[begin:])))
            case Edge() | Boundary() | Look():
                pass  # what comes of it is tried against the pattern
            case Back(name=name):
                self._add(self.matched.get(name, ""))

    def _times(self, repeat: Repeat) -> int:
        number, self.repeats = self.repeats, self.repeats + 1
        times = repeat.least
        if repeat.most is None or repeat.most > 1:
            times = max(times, self.style)
        if self.only is None or self.only == number:
            times += self.growth
        return times if repeat.most is None else min(times, repeat.most)

    def _add(self, text: str) -> None:
        self.length += len(text)
        if self.length > MOST_CHARACTERS:
            raise TooLong
        self.parts.append(text)


def _character(chars: Chars, choices: Choices, place: int) -> str:
    likely = _likely(chars)
    return likely[choices.among(len(likely), "character", place)] if likely else ""


@lru_cache(maxsize=512)
def _likely(chars: Chars) -> str:
    """Characters of the set, those that are plain if there are any; none if it is empty."""
    found = "".join(c for c in _ALPHABET if chars.holds(c))
    plain = "".join(c for c in found if c.isascii() and c.isalnum())
    if found:
        return plain or found
    rare = next((chr(p) for p in range(0x2460, 0x3000) if chars.holds(chr(p))), "")
    return rare or "".join(chr(low) for low, _ in chars.ranges if not 0xD800 <= low <= 0xDFFF)[:1]
