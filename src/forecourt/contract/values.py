"""Values of JSON, exact: 12345678901234567890 and 1.10 leave as they came."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import TypeAlias, cast

import msgspec

from forecourt.estate.values import Json

__all__ = ["Json", "Pointer", "child", "decode", "descend", "encode", "is_among"]

# The way from a document's root to a value: keys, and indexes in digits (RFC 6901, unescaped).
Pointer: TypeAlias = tuple[str, ...]

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def encode(value: Json) -> bytes:
    """Its JSON text, without spaces. UnicodeEncodeError for half a surrogate pair."""
    return _ENCODER.encode(value)


def decode(text: bytes) -> Json:
    """What `encode` wrote."""
    return cast(Json, _DECODER.decode(text))


def child(value: Json, step: str) -> Json:
    """What stands one step further, or None: at a key, or at an index written in digits."""
    match value:
        case dict():
            return value.get(step)
        case list() if step.isascii() and step.isdigit() and len(step) < 10:
            index = int(step)
            return value[index] if index < len(value) else None
        case _:
            return None


def descend(value: Json, pointer: Pointer) -> Json:
    """What stands at a pointer, or None."""
    for step in pointer:
        value = child(value, step)
    return value


def is_among(value: Json, words: AbstractSet[str]) -> bool:
    """Whether it is one of these words; a list or a mapping, where a word should be, is none."""
    return isinstance(value, str) and value in words
