"""The kinds of values that only lenses have: one of several records, any JSON, pairs of words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from forecourt.estate.changes import AnyLens
from forecourt.estate.values import Json
from forecourt.source import tree
from forecourt.source.codes import UNKNOWN_LENS
from forecourt.source.plain import plain
from forecourt.source.quoting import shown
from forecourt.source.tree import Node, Scalar
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Record
from forecourt.source.vocabulary.shape import Shape, words_shape
from forecourt.source.vocabulary.spelling import nearest
from forecourt.source.vocabulary.words import TEXT, OneOf

# What no lens can say, two functions of the estate will; so far nothing calls them.
FUNCTIONS = ("function", "functions")
_WITHOUT_FUNCTIONS = "say it with lenses, or give the older version an `upstream` of its own"

LensRecord: TypeAlias = Record[AnyLens]


@dataclass(frozen=True, slots=True)
class OneLens:
    """A mapping that one of its keys makes a lens, with the keys of that lens."""

    records: Mapping[str, LensRecord]

    @property
    def expects(self) -> str:
        """What is expected, for messages."""
        return f"a lens: one of {', '.join(self.records)}"

    @property
    def shape(self) -> Shape:
        """Any of the lenses, for editors."""
        named = [{"required": [name]} for name in self.records]
        return {
            "type": "object",
            "oneOf": named,
            "allOf": [
                {"if": one, "then": record.shape}
                for one, record in zip(named, self.records.values(), strict=True)
            ],
        }

    def read(self, node: Node, at: At) -> AnyLens | None:
        """The lens."""
        if not isinstance(node, tree.Mapping):
            at.refuse_type(node, self.expects)
            return None
        unserved = [key for key, _ in node.entries if key.text in FUNCTIONS]
        if unserved:
            message = f"{shown(unserved[0].text)} in the place of a lens is not in this release"
            at.refuse(UNKNOWN_LENS, unserved[0], message, help=_WITHOUT_FUNCTIONS)
            return None
        named = [key for key, _ in node.entries if key.text in self.records]
        if len(named) == 1:
            # Places of its own, and its own origin: whatever is wrong with it is told there.
            inner = at.apart(at.label, node.span)
            lens = self.records[named[0].text].read(node, inner)
            at.spans.update({f"{at.key}.{k}": span for k, span in inner.spans.items()})
            return lens
        if named:
            both = " and ".join(shown(key.text) for key in named[:2])
            message = f"this is {both} in one; a lens is one of the two"
            at.refuse(UNKNOWN_LENS, named[1], message, help="write two, one after the other")
            return None
        first = node.entries[0][0] if node.entries else None
        message = "this names no lens" if first is None else f"{shown(first.text)} is no lens"
        close = None if first is None else nearest(first.text, self.records)
        way_out = f"did you mean `{close}`?" if close else f"write {self.expects}"
        place = node if first is None else first
        at.refuse(UNKNOWN_LENS, place, message, help=way_out)
        return None


@dataclass(frozen=True, slots=True)
class OnLoss:
    """A word of a set, of which YAML takes `null` for nothing."""

    words: tuple[str, ...]

    @property
    def expects(self) -> str:
        """The words."""
        return OneOf(words=self.words).expects

    @property
    def shape(self) -> Shape:
        """The words, for editors."""
        if "null" in self.words:
            return {"type": ["string", "null"], "enum": [*self.words, None]}
        return words_shape(self.words)

    def read(self, node: Node, at: At) -> str | None:
        """The word."""
        if isinstance(node, Scalar) and node.is_null and node.text and "null" in self.words:
            return "null"
        return OneOf(words=self.words).read(node, at)


@dataclass(frozen=True, slots=True)
class Value:
    """Any value of JSON. It comes in a tuple of one, since null is a value too."""

    expects: str = "a value"

    @property
    def shape(self) -> Shape:
        """Anything, for editors."""
        return {"type": ["string", "number", "boolean", "null", "array", "object"]}

    def read(self, node: Node, at: At) -> tuple[Json] | None:
        """The value."""
        return (plain(node),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """A mapping from words to words."""

    expects: str

    @property
    def shape(self) -> Shape:
        """A mapping of texts, for editors."""
        return {"type": "object", "additionalProperties": TEXT.shape}

    def read(self, node: Node, at: At) -> tuple[tuple[str, str], ...] | None:
        """The pairs, in the order written."""
        if not isinstance(node, tree.Mapping):
            at.refuse_type(node, self.expects)
            return None
        before = len(at.diagnostics)
        pairs: list[tuple[str, str]] = []
        for key, value in node.entries:
            here = at.under(key.text, label=key.text)
            here.note(value, key)
            text = TEXT.read(value, here)
            if text is not None:
                pairs.append((key.text, text))
        return tuple(pairs) if len(at.diagnostics) == before else None
