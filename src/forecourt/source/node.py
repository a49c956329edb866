"""A document as a tree of texts that know where they stand."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from forecourt.diagnostics import Diagnostic, Span
from forecourt.source.codes import DUPLICATE_KEY, TOO_DEEP
from forecourt.source.quoting import shown

# Whoever walks a tree may recurse: Python's own limit of 1,000 frames is far enough away.
MAX_DEPTH = 200

_NULL = frozenset({"", "~", "null", "Null", "NULL"})


# No dataclasses, as `Span` is none: there are as many nodes as places.
class Scalar(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A text as it was written. `is_quoted` tells `"1"`, which is a text, from `1`."""

    text: str
    is_quoted: bool = False
    span: Span

    @property
    def is_null(self) -> bool:
        """Whether nothing was written, or one of YAML's words for it."""
        return not self.is_quoted and self.text in _NULL


class Sequence(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A list of nodes."""

    items: tuple[Node, ...]
    span: Span


class Mapping(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Keys and their values, in the order they were written; no key occurs twice."""

    entries: tuple[tuple[Scalar, Node], ...]
    span: Span

    def value(self, key: str) -> Node | None:
        """What stands at a key."""
        return next((node for k, node in self.entries if k.text == key), None)


Node: TypeAlias = Scalar | Sequence | Mapping


def too_deep(span: Span) -> Diagnostic:
    """What is said about a list or mapping that no longer fits."""
    return TOO_DEEP.at(span, f"this is nested more than {MAX_DEPTH} levels deep")


def duplicate(key: Scalar, first: Scalar) -> Diagnostic:
    """What is said about a key that was written before."""
    message = f"{shown(key.text)} is written twice; the first is on line {first.span.line}"
    return DUPLICATE_KEY.at(key.span, message, help="keep one of the two")


class Refused(Exception):
    """A document cannot be read further."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic
