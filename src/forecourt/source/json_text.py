"""JSON text (RFC 8259) as a tree.

YAML would read most of it, but slower, and not the pairs of escapes by which JSON writes characters
such as emoji.
"""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder

from forecourt.diagnostics import Diagnostic, Span
from forecourt.source.codes import BAD_CHARACTER, UNREADABLE_YAML
from forecourt.source.node import (
    MAX_DEPTH,
    Mapping,
    Node,
    Refused,
    Scalar,
    Sequence,
    duplicate,
    too_deep,
)

_STRINGS = JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_LITERAL = re.compile(
    r"true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9A-Za-z.+-])"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def parse_json(text: str, path: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """As `tree.parse`."""
    scanner = _Scanner(text, path)
    try:
        root = scanner.document()
    except Refused as refused:
        return None, (*scanner.diagnostics, refused.diagnostic)
    return root, tuple(scanner.diagnostics)


class _Scanner:
    """Walks over a text. `_at` is where it stands, `_line_start` where that line begins."""

    def __init__(self, text: str, path: str) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._text = text
        self._path = path
        self._at = 1 if text.startswith("\ufeff") else 0
        self._line = 1
        self._line_start = self._at

    def document(self) -> Node:
        if not self._next():
            return Scalar(text="", span=Span(self._path, 1, 1))
        root = self._value(0)
        if self._next():
            raise self._refused("nothing may follow the document")
        return root

    def _next(self) -> str:
        """Skip white space; the character that comes then, or "" at the end."""
        begin = self._at
        found = _SPACE.match(self._text, begin)
        self._at = end = begin if found is None else found.end()
        if end > begin and (lines := self._text.count("\n", begin, end)):
            self._line += lines
            self._line_start = self._text.rindex("\n", begin, end) + 1
        return self._text[end : end + 1]

    def _span(self) -> Span:
        return Span(self._path, self._line, self._at - self._line_start + 1)

    def _value(self, depth: int) -> Node:
        begins = self._next()
        if begins == '"':
            return self._string()
        if begins == "{":
            return self._mapping(depth)
        if begins == "[":
            return self._sequence(depth)
        span = self._span()
        if (literal := _LITERAL.match(self._text, self._at)) is None:
            raise self._refused("a value is expected here")
        self._at = literal.end()
        return Scalar(text=literal[0], span=span)

    def _string(self) -> Scalar:
        span = self._span()
        try:
            text, self._at = _STRINGS.raw_decode(self._text, self._at)
        except JSONDecodeError as error:
            self._at = error.pos
            raise self._refused(f"{error.msg[:1].lower()}{error.msg[1:]}") from None
        if not text.isascii() and (lone := _SURROGATE.search(text)) is not None:
            message = f"the escape of U+{ord(lone[0]):04X} stands alone, and is half a character"
            raise Refused(BAD_CHARACTER.at(span, message))
        return Scalar(text=text, is_quoted=True, span=span)

    def _mapping(self, depth: int) -> Mapping:
        span = self._enter(depth)
        entries: dict[str, tuple[Scalar, Node]] = {}
        if self._next() != "}":
            while True:
                if self._next() != '"':
                    raise self._refused("a key in double quotes is expected here")
                key = self._string()
                if self._next() != ":":
                    raise self._refused("`:` is expected here")
                self._at += 1
                value = self._value(depth + 1)
                if (first := entries.get(key.text)) is not None:
                    self.diagnostics.append(duplicate(key, first[0]))
                else:
                    entries[key.text] = (key, value)
                if not self._is_more("}"):
                    break
        self._at += 1
        return Mapping(entries=tuple(entries.values()), span=span)

    def _sequence(self, depth: int) -> Sequence:
        span = self._enter(depth)
        items: list[Node] = []
        if self._next() != "]":
            while True:
                items.append(self._value(depth + 1))
                if not self._is_more("]"):
                    break
        self._at += 1
        return Sequence(items=tuple(items), span=span)

    def _enter(self, depth: int) -> Span:
        span = self._span()
        if depth >= MAX_DEPTH:
            raise Refused(too_deep(span))
        self._at += 1
        return span

    def _is_more(self, end: str) -> bool:
        follows = self._next()
        if follows == ",":
            self._at += 1
        elif follows != end:
            raise self._refused(f"`,` or `{end}` is expected here")
        return follows == ","

    def _refused(self, why: str) -> Refused:
        return Refused(UNREADABLE_YAML.at(self._span(), f"this is not JSON: {why}"))
