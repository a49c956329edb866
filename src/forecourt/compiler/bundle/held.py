"""What is held back from an audience wherever one of several alternatives names it.

Which alternative a value means is not always known, and one that lets anything pass says nothing of
what another hides. So the names and values that any of them hides at a place are gathered by place,
apart from what they declare, and what is gathered is held back unless an alternative that the value
satisfies names it. A *reading* is what one schema hides; a *list* of them stands for a place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

from forecourt.compiler.bundle import hiding
from forecourt.compiler.bundle.hiding import Cut, Node, Part, Reader, Reading
from forecourt.compiler.bundle.layout import HEADER, NONE, PropertyFlag, Slot
from forecourt.compiler.bundle.sections import enum_section
from forecourt.compiler.bundle.words import Words
from forecourt.contract.one_sided import Direction
from forecourt.contract.regular.reading import NotRegular
from forecourt.contract.values import Json, Pointer


class Around(hiding.Around, Protocol):
    """What is needed of the compilation around it."""

    words: Words
    headers: list[list[int]]


class Held:
    """The readings of one compilation, each written once."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self._reader = Reader(around=around)
        keys = {"x-audience", "x-enum-audience"}
        if around.view.direction is Direction.RESPONSE:
            keys.add("writeOnly")
        self._is_needed = _has_any(around.document, keys)
        self._readings: dict[Node, Reading] = {}
        # The numbers of those that hide anything, themselves or further in.
        self._numbers: dict[Node, int] = {}
        self._lists: dict[tuple[int, ...], int] = {}

    def of_alternatives(self, schema: dict[str, Json], at: Pointer) -> int:
        """The list of what the alternatives of a schema hide, 0 if they hide nothing.

        A list is how many readings, and their numbers. A schema's own properties are not in it.
        """
        if not self._is_needed:
            return 0
        node = (at, Cut.NOT)
        hidden = (part for part in self._reader.sure(schema, node) if part[1] is not Cut.NOT)
        nodes = self._reader.whole([*self._reader.perhaps(schema, node), *hidden])
        self._write(self._explored(nodes))
        return self._listed(nodes)

    def hides_a_choice(self, schema: dict[str, Json], at: Pointer) -> bool:
        """Whether one of the choices that a schema leaves, or one further in, is hidden."""
        if not self._is_needed:
            return False
        return any(
            cut is Cut.CHOICE
            for _, cut in self._reader.whole(self._reader.perhaps(schema, (at, Cut.NOT)))
        )

    # --- writing ----------------------------------------------------------------------------------

    def _listed(self, nodes: Iterable[Node]) -> int:
        numbers = tuple(dict.fromkeys(self._numbers[n] for n in nodes if n in self._numbers))
        if not numbers:
            return 0
        if numbers not in self._lists:
            self._lists[numbers] = self._around.words.put([len(numbers), *numbers])
        return self._lists[numbers]

    def _explored(self, nodes: Iterable[Node]) -> list[Node]:
        """Reads what these lead to; gives a number to each new one that hides anything."""
        fresh: list[Node] = []
        leads_to: dict[Node, list[Node]] = defaultdict(list)
        waiting = list(nodes)
        while waiting:
            node = waiting.pop()
            if node in self._readings:
                continue
            reading = self._readings[node] = self._reader.read(node)
            fresh.append(node)
            for part in reading.parts():
                for inner in part.inner:
                    leads_to[inner].append(node)
                    waiting.append(inner)
        hiding = [n for n in fresh if self._readings[n].hides()]
        hiding += [
            n for inner, around in leads_to.items() if inner in self._numbers for n in around
        ]
        found: set[Node] = set()
        while hiding:
            node = hiding.pop()
            if node not in found:
                found.add(node)
                hiding += leads_to[node]
        written = [node for node in fresh if node in found]
        for node in written:
            self._numbers[node] = len(self._around.headers)
            self._around.headers.append([0] * HEADER)
        return written

    def _write(self, nodes: Iterable[Node]) -> None:
        words = self._around.words
        for node in nodes:
            reading = self._readings[node]
            header = self._around.headers[self._numbers[node]]
            header[Slot.OBJECT] = self._members(reading)
            header[Slot.ARRAY] = self._items(reading)
            if reading.values:
                texts: list[Json] = [v for v in reading.values if isinstance(v, str)]
                others: list[Json] = [v for v in reading.values if not isinstance(v, str)]
                section = enum_section(others, texts, reading.fallback, words, is_const=False)
                header[Slot.ENUM] = section

    def _members(self, reading: Reading) -> int:
        """A section about objects, as far as names are looked up in one.

        Members: `(name, list, flags, 0)`; patterns: `(pattern, is hidden, list)`; of others
        whether they are hidden stands where `additional` does, their list where `rest` does.
        """
        words = self._around.words
        names: list[int] = []
        for name, part in sorted(reading.names.items()):
            flags = PropertyFlag.WITHHELD if part.is_hidden else PropertyFlag(0)
            if flags or self._listed(part.inner):
                names += [words.text(name), self._listed(part.inner), int(flags), 0]
        patterns: list[int] = []
        is_hidden, rest = self._words(reading.members)
        for pattern, part in sorted(reading.patterns.items()):
            try:
                number = words.pattern(pattern)
            except NotRegular:
                # Which names these are nobody can tell: then any may be.
                is_hidden = int(is_hidden or part.is_hidden)
                continue
            patterns += [number, *self._words(part)]
        if not (names or patterns or is_hidden or rest):
            return 0
        section = [0, NONE, 0, is_hidden, NONE]
        section += [len(patterns) // 3, words.put(patterns) if patterns else 0, 0, 0]
        section += [len(names) // 4, words.put(names) if names else 0, 0, 0, 0, rest, NONE]
        return words.put(section)

    def _items(self, reading: Reading) -> int:
        """`[of the rest: is hidden, list; how many first ones; of each: is hidden, list]`."""
        section = [*self._words(reading.items), len(reading.first)]
        for part in reading.first:
            section += self._words(part)
        return self._around.words.put(section) if any(section[:2]) or any(section[3:]) else 0

    def _words(self, part: Part | None) -> tuple[int, int]:
        return (0, 0) if part is None else (int(part.is_hidden), self._listed(part.inner))


def _has_any(document: Json, keys: set[str]) -> bool:
    """Whether anything in a document has one of these keys."""
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if not keys.isdisjoint(value):
                return True
            waiting += [inner for inner in value.values() if isinstance(inner, dict | list)]
        elif isinstance(value, list):
            waiting += [inner for inner in value if isinstance(inner, dict | list)]
    return False
