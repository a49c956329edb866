"""Lists, sets and mappings by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from forecourt.source import tree
from forecourt.source.codes import DUPLICATE_VALUE, WRONG_TYPE
from forecourt.source.quoting import shown
from forecourt.source.tree import Node, Scalar, Sequence
from forecourt.source.vocabulary.reading import At, Kind
from forecourt.source.vocabulary.shape import Shape, list_shape, mapping_shape

K = TypeVar("K")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Generic[T]):
    """A list of one kind, in the order written, without repeats."""

    of: Kind[T]
    expects: str
    at_least: int = 0

    @property
    def shape(self) -> Shape:
        """A list, for editors."""
        return list_shape(self.of.shape, self.at_least)

    def read(self, node: Node, at: At) -> tuple[T, ...] | None:
        """The items, if each of them could be read, or is supposed to be something."""
        if not isinstance(node, Sequence):
            at.refuse_type(node, self.expects, help=_as_list(node))
            return None
        before = len(at.diagnostics)
        items: list[T] = []
        known: set[T] = set()  # a list may be long: looking through it for each would take too long
        for number, item in enumerate(node.items):
            here = at.under(str(number))
            here.note(item)
            if at.supposes:
                read = self.of.read(item, here)
                items.append(_supposed(None if here.is_mistaken() else read, here))
                continue
            if (value := self.of.read(item, here)) is None:
                continue
            if value in known:
                what = f" {shown(item.text)}" if isinstance(item, Scalar) else " the same"
                at.refuse(DUPLICATE_VALUE, item, f"{at.what} has{what} twice")
            known.add(value)
            items.append(value)
        if len(node.items) < self.at_least:
            at.refuse(WRONG_TYPE, node, f"{at.what} is an empty list, not {self.expects}")
            return None
        is_wrong = len(at.diagnostics) > before and not at.supposes
        return None if is_wrong else tuple(items)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOrMoreOf(Generic[T]):
    """A set, written as a list."""

    of: Kind[T]
    expects: str

    @property
    def shape(self) -> Shape:
        """A list with something in it, for editors."""
        return list_shape(self.of.shape, at_least=1)

    def read(self, node: Node, at: At) -> frozenset[T] | None:
        """The items, if each of them could be read."""
        listed: Listed[T] = Listed(of=self.of, expects=self.expects, at_least=1)
        items = listed.read(node, at)
        return None if items is None else at.attempt(lambda: frozenset(items))


@dataclass(frozen=True, slots=True, kw_only=True)
class ByName(Generic[K, T]):
    """A mapping whose keys the user chooses, each with a value of one kind.

    `is_lenient` leaves out the entries that are wrong and keeps the others. `is_apart` gives each
    value places of its own.
    """

    keys: Kind[K]
    values: Kind[T]
    expects: str
    is_lenient: bool = False
    is_apart: bool = False

    @property
    def shape(self) -> Shape:
        """A mapping by name, for editors."""
        return mapping_shape(self.keys.shape, self.values.shape)

    def read(self, node: Node, at: At) -> dict[K, T] | None:
        """The values by name, in the order written."""
        if not isinstance(node, tree.Mapping):
            at.refuse_type(node, self.expects)
            return None
        before = len(at.diagnostics)
        entries: dict[K, T] = {}
        for key, value in node.entries:
            read = self._entry(key, value, at)
            if read is not None:
                entries[read[0]] = read[1]
        is_kept = self.is_lenient or at.supposes or len(at.diagnostics) == before
        return entries if is_kept else None

    def _entry(self, key: Scalar, value: Node, at: At) -> tuple[K, T] | None:
        here = at.under(key.text, label=key.text)
        here.note(value, key)
        # An empty or odd key is judged as what it is, a name.
        name = self.keys.read(Scalar(text=key.text, is_quoted=True, span=key.span), here)
        inner = at.apart(key.text, key.span) if self.is_apart else here
        read = self.values.read(value, inner)
        if at.supposes:
            read = _supposed(None if here.is_mistaken() else read, inner)
        if self.is_apart:
            at.spans.update({f"{here.key}.{k}": span for k, span in inner.spans.items()})
        return None if name is None or read is None else (name, read)


def _supposed(value: T | None, at: At) -> T:
    """A value, or what stands for one that could not be read."""
    return cast(T, at.unread()) if value is None else value


def _as_list(node: Node) -> str | None:
    if not isinstance(node, Scalar):
        return None
    return "write `[]`" if node.is_null else "put it in brackets: `[…]`"
