"""Patterns as automata over bytes: one step a byte, whatever text is sent.

The text is UTF-8 without fault (the reader saw to that). `^` and `$` are the ends of the text; a
pattern that is not tied to them is searched for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from forecourt.contract.regular.characters import LAST, Ranges
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

_MOST_REPEATS = 5000
_MOST_PIECES = 50_000
_MOST_STATES = 12_000
# Of the smallest automaton, states times classes: a quarter of a megabyte.
_MOST_CELLS = 65_536
# Pieces looked at while states are made: some patterns have few states, and take long to know it.
_MOST_WORK = 3_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Automaton:
    """States in the order in which they are first met; the first is where to begin.

    `classes[byte]` is the class of a byte; `steps[state][class]` the next state. `accepting` says
    of each state whether the text may end there.
    """

    classes: bytes
    steps: tuple[tuple[int, ...], ...]
    accepting: tuple[bool, ...]

    def matches(self, text: bytes) -> bool:
        """Whether the pattern is found in a text."""
        state = 0
        for byte in text:
            state = self.steps[state][self.classes[byte]]
        return self.accepting[state]


def automaton(pattern: str) -> Automaton:
    """The automaton of a pattern. NotRegular where there is none, or only one that is too large."""
    read = read_pattern(pattern)
    if read.foreign is not None:
        raise NotRegular(read.foreign)
    if read.counts_halves:
        raise NotRegular("older syntax, which counts half characters")
    pieces = _Pieces()
    first, last = pieces.lay(read.tree)
    pieces.search(first, last)
    smallest = _smallest(*_determined(pieces, first, last))
    if len(smallest.steps) * len(smallest.steps[0]) > _MOST_CELLS:
        raise NotRegular("too many states")
    return smallest


class _Pieces:
    """An automaton with choices (Thompson's): a piece leads on by bytes, or by nothing."""

    def __init__(self) -> None:
        self.free: list[list[int]] = []
        self.at_start: list[list[int]] = []
        self.at_end: list[list[int]] = []
        self.by_bytes: list[list[tuple[int, int, int]]] = []

    def new(self) -> int:
        if len(self.free) >= _MOST_PIECES:
            raise NotRegular("too large")
        for edges in (self.free, self.at_start, self.at_end):
            edges.append([])
        self.by_bytes.append([])
        return len(self.free) - 1

    def search(self, first: int, last: int) -> None:
        """Anything may stand before and after."""
        before = self.new()
        self.by_bytes[before].append((0, 255, before))
        self.free[before].append(first)
        self.start = before
        self.by_bytes[last].append((0, 255, last))

    def lay(self, tree: Tree) -> tuple[int, int]:
        """The first and the last piece of what a tree says. NotRegular if no automaton can."""
        match tree:
            case Chars(properties=((name, _), *_)):
                raise NotRegular(f"`\\p{{{name}}}`")  # each year adds characters
            case Chars(ranges=ranges):
                return self._lay_chars(ranges)
            case Group(inner=inner):
                return self.lay(inner)
            case Look(is_behind=is_behind):
                raise NotRegular("it looks behind" if is_behind else "it looks ahead")
            case Boundary(is_negated=is_negated):
                raise NotRegular("`\\B`" if is_negated else "`\\b`")
            case Back(name=name):
                raise NotRegular(f"`\\{name}`")
            case Edge(which=which):
                first, last = self.new(), self.new()
                (self.at_start if which == "start" else self.at_end)[first].append(last)
                return first, last
            case Chain(parts=parts):
                first = last = self.new()
                for part in parts:
                    last = self._then(last, part)
                return first, last
            case Choice(branches=branches):
                first, last = self.new(), self.new()
                for branch in branches:
                    begin, end = self.lay(branch)
                    self.free[first].append(begin)
                    self.free[end].append(last)
                return first, last
            case Repeat(inner=inner, least=least, most=most):
                return self._lay_repeat(inner, least, most)

    def _then(self, last: int, part: Tree) -> int:
        begin, end = self.lay(part)
        self.free[last].append(begin)
        return end

    def _lay_repeat(self, inner: Tree, least: int, most: int | None) -> tuple[int, int]:
        if max(least, most or 0) > _MOST_REPEATS:
            raise NotRegular(f"more than {_MOST_REPEATS} repetitions")
        first = here = self.new()
        for _ in range(least):
            here = self._then(here, inner)
        last = self.new()
        self.free[here].append(last)
        if most is None:
            begin, end = self.lay(inner)
            self.free[last].append(begin)
            self.free[end].append(last)
            return first, last
        for _ in range(most - least):
            here = self._then(here, inner)
            self.free[here].append(last)
        return first, last

    def _lay_chars(self, ranges: Ranges) -> tuple[int, int]:
        """One character. Spellings that end alike share their end, so that states stay few."""
        first, last = self.new(), self.new()
        ends: dict[tuple[tuple[int, int], ...], int] = {(): last}
        for sequence in _utf8(ranges):
            for length in range(1, len(sequence)):
                end = sequence[-length:]
                if end not in ends:
                    ends[end] = self.new()
                    self.by_bytes[ends[end]].append((*end[0], ends[end[1:]]))
            self.by_bytes[first].append((*sequence[0], ends[sequence[1:]]))
        return first, last

    def closure(self, pieces: Iterator[int] | list[int], *, start: bool, end: bool) -> set[int]:
        """What can be reached from these by nothing."""
        waiting = list(pieces)
        reached = set(waiting)
        while waiting:
            piece = waiting.pop()
            following = list(self.free[piece])
            if start:
                following += self.at_start[piece]
            if end:
                following += self.at_end[piece]
            for other in following:
                if other not in reached:
                    reached.add(other)
                    waiting.append(other)
        return reached


def _utf8(ranges: Ranges) -> Iterator[tuple[tuple[int, int], ...]]:
    """Byte ranges, one after the other, that spell exactly those code points in UTF-8."""
    for first, last in ranges:
        for low, high in ((0, 0xD7FF), (0xE000, LAST)):
            if max(first, low) <= min(last, high):
                yield from _split(max(first, low), min(last, high))


def _split(first: int, last: int) -> Iterator[tuple[tuple[int, int], ...]]:
    for limit in (0x7F, 0x7FF, 0xFFFF):
        if first <= limit < last:
            yield from _split(first, limit)
            yield from _split(limit + 1, last)
            return
    if last > 0x7F:
        for tail in (1, 2, 3):
            mask = (1 << (6 * tail)) - 1
            if first & ~mask != last & ~mask:
                if first & mask:
                    yield from _split(first, first | mask)
                    yield from _split((first | mask) + 1, last)
                    return
                if last & mask != mask:
                    yield from _split(first, (last & ~mask) - 1)
                    yield from _split(last & ~mask, last)
                    return
    low, high = chr(first).encode(), chr(last).encode()
    yield tuple(zip(low, high, strict=True))


def _byte_classes(pieces: _Pieces) -> tuple[bytes, list[int]]:
    """The class of each byte, and a byte of each class: bytes that no piece tells apart share."""
    cuts = {0, 256}
    for edges in pieces.by_bytes:
        for low, high, _ in edges:
            cuts |= {low, high + 1}
    bounds = sorted(cuts)
    classes = bytearray(256)
    for index, (low, high) in enumerate(pairwise(bounds)):
        classes[low:high] = bytes([index]) * (high - low)
    return bytes(classes), bounds[:-1]


def _determined(
    pieces: _Pieces, first: int, last: int
) -> tuple[bytes, list[tuple[int, ...]], list[bool]]:
    """States that know which pieces the text so far can have led to."""
    classes, samples = _byte_classes(pieces)
    begin = frozenset(pieces.closure([pieces.start], start=True, end=False))
    found = frozenset([last])  # once found, found
    states: dict[frozenset[int], int] = {}
    order: list[frozenset[int]] = []
    work = 0

    def number(state: frozenset[int]) -> int:
        state = found if last in state else state
        if state not in states:
            if len(states) >= _MOST_STATES:
                raise NotRegular("too many states")
            states[state] = len(order)
            order.append(state)
        return states[state]

    # Where the text begins `^` holds: no later state is that one, though it knew the same pieces.
    order.append(begin)
    steps: list[tuple[int, ...]] = []
    closures: dict[int, set[int]] = {}
    while len(steps) < len(order):
        state = order[len(steps)]
        edges = [edge for piece in state for edge in pieces.by_bytes[piece]]
        row = []
        for sample in samples:
            work += len(edges)
            if work > _MOST_WORK:
                raise NotRegular("too much work")
            following: set[int] = set()
            for target in {t for low, high, t in edges if low <= sample <= high}:
                if target not in closures:
                    closures[target] = pieces.closure([target], start=False, end=False)
                following |= closures[target]
            row.append(number(frozenset(following)))
        steps.append(tuple(row))
    accepting = [
        last in pieces.closure(list(state), start=index == 0, end=True)
        for index, state in enumerate(order)
    ]
    return classes, steps, accepting


def _smallest(classes: bytes, steps: list[tuple[int, ...]], accepting: list[bool]) -> Automaton:
    """The same with as few states and classes as can be (Moore's algorithm)."""
    group = [int(a) for a in accepting]
    count = len(set(group))
    while True:
        signatures: dict[tuple[int, ...], int] = {}
        refined = [
            signatures.setdefault((group[s], *(group[t] for t in row)), len(signatures))
            for s, row in enumerate(steps)
        ]
        group = refined
        if len(signatures) == count:
            break
        count = len(signatures)
    rows: dict[int, tuple[int, ...]] = {}
    accepts: dict[int, bool] = {}
    for state, row in enumerate(steps):
        if group[state] not in rows:
            rows[group[state]] = tuple(group[t] for t in row)
            accepts[group[state]] = accepting[state]
    columns = list(zip(*(rows[g] for g in range(count)), strict=True))
    distinct = {column: index for index, column in enumerate(dict.fromkeys(columns))}
    return Automaton(
        classes=bytes(distinct[columns[c]] for c in classes),
        steps=tuple(zip(*distinct, strict=True)),
        accepting=tuple(accepts[g] for g in range(count)),
    )
