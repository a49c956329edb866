"""Where a value of a document was written."""

from __future__ import annotations

from collections.abc import Mapping as Keyed
from typing import Protocol

from forecourt.contract.values import Pointer
from forecourt.diagnostics import Span
from forecourt.source.json_places import JsonPlaces
from forecourt.source.tree import Mapping, Node, Scalar, Sequence


class Places(Protocol):
    """Where values were written. A value that is not there has the place around it."""

    def key(self, at: Pointer) -> Span:
        """Where the key begins under which the value stands; for a list's item, the item."""
        ...

    def value(self, at: Pointer) -> Span:
        """Where the value itself begins."""
        ...


class PlacesInTree:
    """The places of a document's values. A value that is not there has the place around it."""

    __slots__ = ("_entries", "_root")

    def __init__(self, root: Node) -> None:
        self._root = root
        # Of mappings that somebody asked about, by identity: some have thousands of keys.
        self._entries: dict[int, dict[str, tuple[Scalar, Node]]] = {}

    def key(self, at: Pointer) -> Span:
        """Where the key begins under which the value stands; for a list's item, the item."""
        return self._find(at)[0]

    def value(self, at: Pointer) -> Span:
        """Where the value itself begins."""
        return self._find(at)[1]

    def _find(self, at: Pointer) -> tuple[Span, Span]:
        key, node = self._root.span, self._root
        for step in at:
            match node:
                case Mapping():
                    if (entry := self._entries_of(node).get(step)) is None:
                        break
                    key, node = entry[0].span, entry[1]
                case Sequence() if step.isdigit() and int(step) < len(node.items):
                    node = node.items[int(step)]
                    key = node.span
                case _:
                    break
        return key, node.span

    def _entries_of(self, node: Mapping) -> dict[str, tuple[Scalar, Node]]:
        if (entries := self._entries.get(id(node))) is None:
            entries = self._entries[id(node)] = {e[0].text: e for e in node.entries}
        return entries


class PlacesInJson:
    """The same of a document that was read without places: looked for when somebody asks.

    Nearly nobody does, since nearly nothing is wrong. `text` is JSON without fault.
    """

    __slots__ = ("_path", "_places", "_text")

    def __init__(self, text: str, path: str) -> None:
        self._text = text
        self._path = path
        self._places: JsonPlaces | None = None

    def key(self, at: Pointer) -> Span:
        """As in a tree."""
        return self._find(at)[0]

    def value(self, at: Pointer) -> Span:
        """As in a tree."""
        return self._find(at)[1]

    def _find(self, at: Pointer) -> tuple[Span, Span]:
        if self._places is None:
            self._places = JsonPlaces(self._text, self._path)
        return self._places.find(at)


class PlacesInFiles:
    """The places of a document that holds other files at a key, each at its path."""

    __slots__ = ("_at", "_main", "_others")

    def __init__(self, main: Places, at: str, others: Keyed[str, Places]) -> None:
        self._main = main
        self._at = at
        self._others = others

    def key(self, at: Pointer) -> Span:
        """In the file where the value was written."""
        places, within = self._file(at)
        return places.key(within)

    def value(self, at: Pointer) -> Span:
        """In the file where the value was written."""
        places, within = self._file(at)
        return places.value(within)

    def _file(self, at: Pointer) -> tuple[Places, Pointer]:
        if len(at) > 1 and at[0] == self._at and (other := self._others.get(at[1])) is not None:
            return other, at[2:]
        return self._main, at
