"""Where values stand in a JSON text, found without making anything of what is in between."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from json import JSONDecoder

from forecourt.diagnostics import Span

_SPACE = re.compile(r"[ \t\n\r]*")


class JsonPlaces:
    """Places by the way from the root: keys, and indexes in digits. `text` is JSON without fault.

    An object or a list on the way is passed over once, by the reader that is made in C.
    """

    __slots__ = ("_inside", "_lines", "_path", "_read", "_root", "_text")

    def __init__(self, text: str, path: str) -> None:
        self._text = text
        self._path = path
        start = 1 if text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}") else 0
        # A column counts from where its line begins; the mark at the beginning is no column.
        self._lines = [start, *(m.end() for m in re.finditer("\n", text))]
        self._root = self._space(start)
        self._read = JSONDecoder().raw_decode
        # By where it begins: what is in an object or list. A key or index, where it stands, and
        # where its value does.
        self._inside: dict[int, dict[str, tuple[int, int]]] = {}

    def find(self, way: tuple[str, ...]) -> tuple[Span, Span]:
        """Where the key begins, and where the value: of what is there, else of what is around."""
        key = value = self._root
        for step in way:
            found = self._members(value).get(step)
            if found is None:
                break
            key, value = found
        return self._span(key), self._span(value)

    def _span(self, offset: int) -> Span:
        line = bisect_right(self._lines, offset)
        return Span(self._path, line, offset - self._lines[line - 1] + 1)

    def _members(self, start: int) -> dict[str, tuple[int, int]]:
        known = self._inside.get(start)
        if known is None:
            opening = self._text[start]
            found = (
                self._of_object(start)
                if opening == "{"
                else self._of_list(start)
                if opening == "["
                else iter(())
            )
            known = self._inside[start] = dict(found)
        return known

    def _of_object(self, start: int) -> Iterator[tuple[str, tuple[int, int]]]:
        at = self._space(start + 1)
        while self._text[at] != "}":
            key_at = at
            key, at = self._read(self._text, at)
            value_at = self._space(self._space(at) + 1)
            yield key, (key_at, value_at)
            at = self._after(value_at)

    def _of_list(self, start: int) -> Iterator[tuple[str, tuple[int, int]]]:
        at, number = self._space(start + 1), 0
        while self._text[at] != "]":
            yield str(number), (at, at)
            at, number = self._after(at), number + 1

    def _after(self, value_at: int) -> int:
        """Where the next key or item begins, or what closes the object or list."""
        _, end = self._read(self._text, value_at)
        end = self._space(end)
        return self._space(end + 1) if self._text[end] == "," else end

    def _space(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        assert found is not None  # no space at all is some
        return found.end()
