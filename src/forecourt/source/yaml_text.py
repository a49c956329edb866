"""YAML text as a tree, whatever it does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml

from forecourt.diagnostics import Diagnostic, Span
from forecourt.source.codes import (
    BAD_ALIAS,
    BAD_CHARACTER,
    SEVERAL_DOCUMENTS,
    UNKNOWN_TAG,
    UNREADABLE_YAML,
    WRONG_TYPE,
)
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
from forecourt.source.quoting import shown

# How many nodes aliases may repeat in all, so that nine lines cannot stand for a billion.
MAX_REPEATED = 100_000


def parse_yaml(text: str, path: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """As `tree.parse`. Aliases are resolved, `<<` merges."""
    builder = _Builder(path)
    try:
        root = builder.build(yaml.CSafeLoader(text))
    except Refused as refused:
        return None, (*builder.diagnostics, refused.diagnostic)
    except yaml.MarkedYAMLError as error:
        return None, (*builder.diagnostics, _malformed(error, text, path))
    except (yaml.YAMLError, UnicodeEncodeError):
        return None, (*builder.diagnostics, _bad_character(text, path))
    return root, tuple(builder.diagnostics)


@dataclass(slots=True, kw_only=True)
class _Open:
    """A list or mapping whose end has not come yet; a mapping's items are keys and values."""

    span: Span
    anchor: str | None
    is_mapping: bool
    items: list[Node] = field(default_factory=list)


class _Builder:
    """Builds the tree from events: libyaml's own composer recurses as deep as the text says."""

    def __init__(self, path: str) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._path = path
        self._open: list[_Open] = []
        self._anchors: dict[str, Node] = {}
        self._repeated = 0

    def build(self, parser: yaml.CSafeLoader) -> Node:
        root: Node | None = None
        while parser.check_event():
            event = parser.get_event()
            node: Node
            match event:
                case yaml.ScalarEvent():
                    node = self._scalar(event)
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    self._begin(event)
                    continue
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    node = self._end()
                case yaml.AliasEvent():
                    node = self._alias(event)
                case yaml.DocumentStartEvent() if root is not None:
                    self._another_document(event)
                    break
                case _:
                    continue
            if self._open:
                self._open[-1].items.append(node)
            else:
                root = node
        return Scalar(text="", span=Span(self._path, 1, 1)) if root is None else root

    def _span(self, event: yaml.Event) -> Span:
        mark = event.start_mark
        assert mark is not None  # libyaml marks every event
        return Span(self._path, mark.line + 1, mark.column + 1)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        span = self._span(event)
        is_quoted = bool(event.style)
        if event.tag is not None:
            is_quoted = is_quoted or event.tag in {"!", _STANDARD + "str"}
            self._check_tag(event.tag, _SCALAR_TAGS, span)
        scalar = Scalar(text=event.value, is_quoted=is_quoted, span=span)
        if event.anchor is not None:
            self._anchors[event.anchor] = scalar
        return scalar

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        span = self._span(event)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        if event.tag is not None:
            self._check_tag(event.tag, _MAPPING_TAGS if is_mapping else _SEQUENCE_TAGS, span)
        if len(self._open) >= MAX_DEPTH:
            raise Refused(too_deep(span))
        self._open.append(_Open(span=span, anchor=event.anchor, is_mapping=is_mapping))

    def _end(self) -> Node:
        closed = self._open.pop()
        node: Node
        if closed.is_mapping:
            pairs = zip(closed.items[::2], closed.items[1::2], strict=True)
            node = Mapping(entries=self._entries(tuple(pairs)), span=closed.span)
        else:
            node = Sequence(items=tuple(closed.items), span=closed.span)
        if closed.anchor is not None:
            self._anchors[closed.anchor] = node
        return node

    def _entries(self, pairs: tuple[tuple[Node, Node], ...]) -> tuple[tuple[Scalar, Node], ...]:
        entries: dict[str, tuple[Scalar, Node]] = {}
        merged: list[Node] = []
        for key, value in pairs:
            if not isinstance(key, Scalar):
                message = "a key is a list or a mapping, not a text"
                self.diagnostics.append(WRONG_TYPE.at(key.span, message))
            elif key.text == "<<" and not key.is_quoted:
                merged.extend(value.items if isinstance(value, Sequence) else (value,))
            elif (first := entries.get(key.text)) is not None:
                self.diagnostics.append(duplicate(key, first[0]))
            else:
                entries[key.text] = (key, value)
        for source in merged:
            self._merge(source, entries)
        return tuple(entries.values())

    def _merge(self, source: Node, entries: dict[str, tuple[Scalar, Node]]) -> None:
        if not isinstance(source, Mapping):
            message = "`<<` merges a mapping, and this is none"
            self.diagnostics.append(WRONG_TYPE.at(source.span, message))
            return
        for key, value in source.entries:
            entries.setdefault(key.text, (key, value))

    def _alias(self, event: yaml.AliasEvent) -> Node:
        span, anchor = self._span(event), str(event.anchor)
        if any(around.anchor == anchor for around in self._open):
            raise Refused(BAD_ALIAS.at(span, f"`*{anchor}` stands inside of what it repeats"))
        if (node := self._anchors.get(anchor)) is None:
            message = f"`*{anchor}` repeats nothing: no `&{anchor}` stands before it"
            raise Refused(BAD_ALIAS.at(span, message))
        self._count_repeated(node, span)
        return node

    def _count_repeated(self, repeated: Node, span: Span) -> None:
        inner = [(repeated, len(self._open))]
        while inner:
            node, depth = inner.pop()
            self._repeated += 1
            if self._repeated > MAX_REPEATED:
                message = f"aliases repeat more than {MAX_REPEATED:,} values in this file"
                raise Refused(BAD_ALIAS.at(span, message, help="write out what you mean"))
            if isinstance(node, Scalar):
                continue
            if depth >= MAX_DEPTH:
                raise Refused(too_deep(span))
            inner.extend((child, depth + 1) for child in _children(node))

    def _another_document(self, event: yaml.Event) -> None:
        message = "a second document begins here, and only one counts"
        way_out = "remove the `---`, or move what follows into a file of its own"
        self.diagnostics.append(SEVERAL_DOCUMENTS.at(self._span(event), message, help=way_out))

    def _check_tag(self, tag: str, standard: frozenset[str], span: Span) -> None:
        if tag not in standard:
            message = f"{shown(tag)} is a tag that means nothing here"
            self.diagnostics.append(UNKNOWN_TAG.at(span, message, help="remove the tag"))


_STANDARD = "tag:yaml.org,2002:"
_SCALAR_TAGS = frozenset(
    {"!", *(_STANDARD + word for word in ("str", "int", "float", "bool", "null", "timestamp"))}
)
_SEQUENCE_TAGS = frozenset({"!", _STANDARD + "seq"})
_MAPPING_TAGS = frozenset({"!", _STANDARD + "map"})


def _children(node: Sequence | Mapping) -> tuple[Node, ...]:
    if isinstance(node, Sequence):
        return node.items
    return tuple(value for _, value in node.entries)


def _malformed(error: yaml.MarkedYAMLError, text: str, path: str) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return UNREADABLE_YAML.at(Span(path, 1, 1), f"this is not YAML: {error.problem}")
    span = Span(path, mark.line + 1, mark.column + 1)
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in line[: mark.column + 1] and not line[: mark.column].strip():
        message = "a tab stands where YAML takes only spaces"
        return UNREADABLE_YAML.at(span, message, help="indent with spaces")
    began = error.context_mark
    around = f" (in what begins on line {began.line + 1})" if began is not None else ""
    return UNREADABLE_YAML.at(span, f"this is not YAML: {error.problem}{around}")


# The complement of YAML 1.1's c-printable (https://yaml.org/spec/1.1/#c-printable).
_NOT_PRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def _bad_character(text: str, path: str) -> Diagnostic:
    found = _NOT_PRINTABLE.search(text)
    if found is None:
        return UNREADABLE_YAML.at(Span(path, 1, 1), "this is not YAML")
    line = text.count("\n", 0, found.start()) + 1
    column = found.start() - text.rfind("\n", 0, found.start())
    message = f"the character U+{ord(found[0]):04X} may not stand in a file"
    way_out = "remove it, or write it as an escape in double quotes"
    return BAD_CHARACTER.at(Span(path, line, column), message, help=way_out)
