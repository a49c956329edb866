"""A bundle as bytes: equal contracts give equal bytes, which name it."""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from forecourt.compiler.bundle.layout import MAGIC
from forecourt.compiler.bundle.words import Words
from forecourt.contract.values import Pointer

# About the value that it is asked about a schema asks itself: JSON Schema does not say what then.
ENDLESS = "a schema that is part of itself"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Left:
    """What the edge leaves to others: where in the document the keyword stands, and why."""

    at: Pointer
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A schema that the edge may be asked for by name.

    `left`: what in it is for others to judge. `hides`: members of its values are not for the
    audience.
    """

    name: str
    schema: int
    left: tuple[Left, ...] = ()
    hides: bool = False

    @property
    def inexact(self) -> tuple[str, ...]:
        """Why the edge cannot judge it."""
        return tuple(sorted({left.reason for left in self.left}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The bytes of a bundle, and what can be asked of it."""

    content: bytes = field(repr=False)
    roots: tuple[Root, ...]

    @property
    def digest(self) -> str:
        """Its name: 16 hexadecimal digits."""
        return sha256(self.content).hexdigest()[:16]


def bundle_of(words: Words, headers: Sequence[Sequence[int]], roots: Iterable[Root]) -> Bundle:
    """The bundle of all that was put down.

    After the magic: how many doubles, schemas, words, texts, patterns, roots and bytes of the pool;
    then these, each where eight bytes begin. A root is a text, a schema, a text that is empty
    where the schema is judged exactly, and 1 where it hides members.
    """
    found = tuple(roots)
    entries = [
        (
            words.text(root.name),
            root.schema,
            words.text("\n".join(root.inexact)),
            int(root.hides),
        )
        for root in found
    ]
    counts = [
        len(part)
        for part in (words.doubles, headers, words.words, words.texts, words.patterns, entries)
    ]
    parts = [
        MAGIC + struct.pack("<7i", *counts, len(words.pool)),
        _little(array("d", words.doubles)),
        _little(array("i", (word for header in headers for word in header))),
        _little(array("i", words.words)),
        _little(array("i", (word for text in words.texts for word in text))),
        _little(array("i", (word for pattern in words.patterns for word in pattern))),
        _little(array("i", (word for entry in entries for word in entry))),
        bytes(words.pool),
    ]
    content = b"".join(part + b"\0" * (-len(part) % 8) for part in parts)
    return Bundle(content=content, roots=found)


def _little(values: array[int] | array[float]) -> bytes:
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()
