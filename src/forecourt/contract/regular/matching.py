"""Whether a text matches a pattern, however the pattern is made: without trying ways one by one."""

from __future__ import annotations

from dataclasses import dataclass

from forecourt.contract.regular.characters import CLASSES
from forecourt.contract.regular.reading import NotRegular, read_pattern
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

# So many characters are looked at for one text; beyond, nothing is known.
_MOST_LOOKS = 200_000
_WORD = Chars(ranges=CLASSES["w"])


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern is found anywhere in the text.

    Raises `NotRegular` where that is not known: it looks ahead, behind or back, is of another
    language, knows characters by properties, or would take long.
    """
    read = read_pattern(pattern)
    if read.foreign is not None:
        raise NotRegular(read.foreign)
    walk = _Walk(text=text)
    return bool(walk.ends(read.tree, frozenset(range(len(text) + 1))))


@dataclass(slots=True, kw_only=True)
class _Walk:
    text: str
    looks: int = 0

    def ends(self, tree: Tree, starts: frozenset[int]) -> frozenset[int]:
        """Where what begins at any of these places may end: all of them at once."""
        self.looks += 1 + len(starts)
        if self.looks > _MOST_LOOKS:
            raise NotRegular("it would take long")
        match tree:
            case Chars():
                return self._past(tree, starts)
            case Edge(which=which):
                return starts & {0 if which == "start" else len(self.text)}
            case Boundary(is_negated=is_negated):
                return frozenset(at for at in starts if self._is_boundary(at) is not is_negated)
            case Chain(parts=parts):
                for part in parts:
                    starts = self.ends(part, starts)
                return starts
            case Choice(branches=branches):
                return frozenset[int]().union(*(self.ends(b, starts) for b in branches))
            case Group(inner=inner):
                return self.ends(inner, starts)
            case Repeat():
                return self._repeated(tree, starts)
            case Look() | Back():
                raise NotRegular("it looks ahead, behind or back")

    def _past(self, chars: Chars, starts: frozenset[int]) -> frozenset[int]:
        if chars.properties:
            raise NotRegular("it knows characters by properties")
        length = len(self.text)
        return frozenset(at + 1 for at in starts if at < length and chars.holds(self.text[at]))

    def _repeated(self, repeat: Repeat, starts: frozenset[int]) -> frozenset[int]:
        # Of more rounds than there are characters, some took none: one more changes nothing.
        enough = len(self.text) + 1
        for _ in range(min(repeat.least, enough)):
            starts = self.ends(repeat.inner, starts)
        rounds = enough if repeat.most is None else min(repeat.most - repeat.least, enough)
        found, newest = set(starts), starts
        for _ in range(rounds):
            newest = self.ends(repeat.inner, newest) - found
            if not newest:
                break
            found |= newest
        return frozenset(found)

    def _is_boundary(self, at: int) -> bool:
        before, after = self.text[max(at - 1, 0) : at], self.text[at : at + 1]
        return (before != "" and _WORD.holds(before)) is not (after != "" and _WORD.holds(after))
