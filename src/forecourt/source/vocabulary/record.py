"""A mapping whose keys are known: each field says its key, how it is read and what it is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast, overload

from forecourt.source import tree
from forecourt.source.codes import MISSING_KEY, UNKNOWN_KEY, Code
from forecourt.source.quoting import shown
from forecourt.source.tree import Node, Scalar
from forecourt.source.vocabulary.foreign import our_name, plain
from forecourt.source.vocabulary.reading import At, Kind
from forecourt.source.vocabulary.shape import Shape
from forecourt.source.vocabulary.spelling import nearest

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field(Generic[T_co]):
    """One key of a record, made by `required` or `optional`.

    `about` says in a few words what it is for, `note` in sentences what else is good to know while
    writing it. `example` is a value as it may be written, `written` the default as it would be.
    """

    key: str
    kind: Kind[Any]
    about: str
    is_required: bool
    default: T_co | None = None
    note: str = ""
    example: object = None
    written: object = None

    @property
    def shape(self) -> Shape:
        """The value with what is to be said about it, for editors."""
        shape = dict(self.kind.shape)
        about = f"{self.about[0].upper()}{self.about[1:]}."
        sentences = (about, shape.get("description"), self.note)
        shape["description"] = " ".join(str(each) for each in sentences if each)
        if self.written is not None:
            shape["default"] = self.written
        if self.example is not None:
            shape["examples"] = [self.example]
        return shape


def required(
    key: str, kind: Kind[T], about: str, *, note: str = "", example: object = None
) -> Field[T]:
    """A field that must be written."""
    return Field(key=key, kind=kind, about=about, is_required=True, note=note, example=example)


@overload
def optional(
    key: str, kind: Kind[T], about: str, *, note: str = ..., example: object = ...
) -> Field[T | None]: ...
@overload
def optional(
    key: str,
    kind: Kind[T],
    about: str,
    *,
    default: T,
    written: object = ...,
    note: str = ...,
    example: object = ...,
) -> Field[T]: ...
def optional(
    key: str,
    kind: Kind[T],
    about: str,
    *,
    default: Any = None,
    written: object = None,
    note: str = "",
    example: object = None,
) -> Field[Any]:
    """A field that may be left out, and what holds then."""
    return Field(
        key=key,
        kind=kind,
        about=about,
        is_required=False,
        default=default,
        written=written,
        note=note,
        example=example,
    )


@dataclass(frozen=True, slots=True)
class Row:
    """What the fields of a record held."""

    values: Mapping[str, object]

    def __getitem__(self, field: Field[T]) -> T:
        return cast(T, self.values.get(field.key, field.default))


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Why a key that we know may not be written here.

    `means` is the field that was meant, if it is one of these.
    """

    code: Code
    because: str
    instead: str | None = None
    means: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record(Generic[T_co]):
    """A mapping with these fields and no others.

    `build` makes the value of a row and may refuse it. `elsewhere` has keys that a user may well
    try here. `is_lenient` builds from the fields that could be read although others could not.
    """

    expects: str
    fields: tuple[Field[Any], ...]
    build: Callable[[Row, At], T_co | None]
    elsewhere: Mapping[str, Elsewhere] = field(default_factory=dict)
    is_lenient: bool = False

    @property
    def shape(self) -> Shape:
        """A mapping with these keys, for editors."""
        shape: dict[str, object] = {
            "type": "object",
            "properties": {field.key: field.shape for field in self.fields},
            "additionalProperties": False,
        }
        if must := [field.key for field in self.fields if field.is_required]:
            shape["required"] = must
        return shape

    def read(self, node: Node, at: At) -> T_co | None:
        """The value, if every field could be read, or is supposed to be something."""
        if not isinstance(node, tree.Mapping):
            example = self._example(node)
            at.refuse_type(node, self.expects, help=example, is_secret=self.is_secret)
            return None
        before = len(at.diagnostics)
        known = {field.key: field for field in self.fields}
        values: dict[str, object] = {}
        meant: set[str] = set()
        for key, value in node.entries:
            if (field := known.get(key.text)) is None:
                meant.add(self._refuse_key(key, at))
                continue
            here = at.under(field.key, label=field.key)
            here.note(value, key)
            meant.add(field.key)
            read = field.kind.read(value, here)
            if read is not None and not here.is_mistaken():
                values[field.key] = read
        for field in self.fields:
            if field.is_required and field.key not in meant:
                at.refuse(MISSING_KEY, node, f"`{field.key}` is missing: {field.about}")
        if at.supposes:
            missed = [f.key for f in self.fields if f.is_required or f.key in meant]
            values |= {key: at.unread() for key in missed if key not in values}
            return at.attempt(lambda: self.build(Row(values), at))
        is_wrong = len(at.diagnostics) > before and not self.is_lenient
        return None if is_wrong else self.build(Row(values), at)

    @property
    def is_secret(self) -> bool:
        """Whether a text in its place may be a secret: whether one stands anywhere in it."""
        return any(getattr(field.kind, "is_secret", False) for field in self.fields)

    def _example(self, node: Node) -> str | None:
        """The way out where a text stands for the record's one important field."""
        first = self.fields[0] if self.fields else None
        if not isinstance(node, Scalar) or node.is_null or first is None:
            return None
        return f"write `{{{first.key}: …}}`"

    def _elsewhere(self, written: str) -> Elsewhere | None:
        """What is known of a key, however it is spelt: `requestsPerSecond` too."""
        meant = plain(written)
        return next((why for key, why in self.elsewhere.items() if plain(key) == meant), None)

    def _refuse_key(self, key: Scalar, at: At) -> str:
        """Report a key that is not known here; returns the one that was probably meant."""
        if (known := self._elsewhere(key.text)) is not None:
            message = f"{shown(key.text)} {known.because}"
            at.refuse(known.code, key, message, help=known.instead)
            return known.means
        keys = tuple(field.key for field in self.fields)
        message = f"unknown key {shown(key.text)}"
        if (ours := our_name(key.text, keys)) is not None:
            at.refuse(UNKNOWN_KEY, key, f"{message}; here it is called `{ours}`")
            return ours.partition(".")[0]
        if (close := nearest(key.text, keys)) is not None:
            at.refuse(UNKNOWN_KEY, key, f"{message}; did you mean `{close}`?")
            return close
        at.refuse(UNKNOWN_KEY, key, message, help=f"the keys here are {', '.join(keys)}")
        return ""
