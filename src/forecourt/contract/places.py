"""Where a value of a document was written, found when somebody asks."""

from __future__ import annotations

from bisect import bisect_right
from json import JSONDecoder
from typing import Protocol

from forecourt.contract.values import Pointer
from forecourt.diagnostics import Span
from forecourt.source.tree import Mapping, Node, Scalar


class Places(Protocol):
    """The places of a document's values. A value that is not there has the place around it."""

    def key(self, at: Pointer) -> Span:
        """Where the key begins under which the value stands; for a list's item, the item."""
        ...

    def value(self, at: Pointer) -> Span:
        """Where the value itself begins."""
        ...


class TreePlaces:
    """The places of a document that was read as a tree."""

    __slots__ = ("_root",)

    def __init__(self, root: Node) -> None:
        self._root = root

    def key(self, at: Pointer) -> Span:
        """Where the key begins."""
        return self._find(at)[0]

    def value(self, at: Pointer) -> Span:
        """Where the value begins."""
        return self._find(at)[1]

    def _find(self, at: Pointer) -> tuple[Span, Span]:
        key, node = self._root.span, self._root
        for step in at:
            match node:
                case Mapping():
                    entry = next((e for e in node.entries if e[0].text == step), None)
                    if entry is None:
                        break
                    key, node = entry[0].span, entry[1]
                case Scalar():
                    break
                case _:
                    if not step.isdigit() or int(step) >= len(node.items):
                        break
                    node = node.items[int(step)]
                    key = node.span
        return key, node.span


class TextPlaces:
    """The places of a document that was read as JSON: its text is walked again, as far as asked.

    `text` must be JSON that `json` reads. Each list or object that is walked is remembered.
    """

    __slots__ = ("_decoder", "_lines", "_path", "_text", "_walked")

    def __init__(self, text: str, path: str) -> None:
        self._text = text
        self._path = path
        self._decoder = JSONDecoder()
        self._lines: list[int] = []
        self._walked: dict[int, dict[str, tuple[int, int]]] = {}

    def key(self, at: Pointer) -> Span:
        """Where the key begins."""
        return self.at_offset(self._find(at)[0])

    def value(self, at: Pointer) -> Span:
        """Where the value begins."""
        return self.at_offset(self._find(at)[1])

    def at_offset(self, offset: int) -> Span:
        """The place of the character with that index."""
        if not self._lines:
            self._lines = [0]
            while (newline := self._text.find("\n", self._lines[-1])) >= 0:
                self._lines.append(newline + 1)
        line = bisect_right(self._lines, offset)
        return Span(self._path, line, offset - self._lines[line - 1] + 1)

    def _find(self, at: Pointer) -> tuple[int, int]:
        key = value = self._skip(0)
        for step in at:
            if self._text[value] not in "{[":
                break
            if value not in self._walked:
                self._walked[value] = self._walk(value)
            if (found := self._walked[value].get(step)) is None:
                break
            key, value = found
        return key, value

    def _walk(self, offset: int) -> dict[str, tuple[int, int]]:
        """Where the keys and values of the list or object that begins here begin."""
        is_object = self._text[offset] == "{"
        children: dict[str, tuple[int, int]] = {}
        offset = self._skip(offset + 1)
        while self._text[offset] not in "}]":
            key, name = offset, str(len(children))
            if is_object:
                name, offset = self._decoder.raw_decode(self._text, offset)
                offset = self._skip(self._skip(offset) + 1)
            children[name] = (key, offset)
            _, offset = self._decoder.raw_decode(self._text, offset)
            offset = self._skip(offset)
            if self._text[offset] == ",":
                offset = self._skip(offset + 1)
        return children

    def _skip(self, offset: int) -> int:
        while self._text[offset] in " \t\r\n":
            offset += 1
        return offset
