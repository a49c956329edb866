"""Values as the edge reads them: LuaJIT's own serialisation (https://luajit.org/ext_buffer.html).

Its decoder is C, is there in every Lua state, and makes data of the bytes, never code. Only what
`serialize` writes is read back here.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import TypeAlias

LuaTable: TypeAlias = Mapping[str, "LuaValue"]
LuaValue: TypeAlias = str | bytes | bool | int | float | LuaTable | Sequence["LuaValue"]

_FALSE, _TRUE, _INTEGER, _NUMBER, _EMPTY = 0x01, 0x02, 0x06, 0x07, 0x08
_HASH, _SEQUENCE, _TEXT = 0x09, 0x0C, 0x20
_INT32 = range(-(2**31), 2**31)


def serialize(value: LuaValue) -> bytes:
    """The bytes of which `buffer.decode` makes that value: equal values give equal bytes.

    A mapping becomes a table by its keys, in their order; a list or tuple one from 1. Absence is a
    key that is not there: None has no spelling. Raises `TypeError` for what has none.
    """
    written = bytearray()
    _write(value, written)
    return bytes(written)


def _write(value: LuaValue, to: bytearray) -> None:
    match value:
        case bool():
            to.append(_TRUE if value else _FALSE)
        case int() if value in _INT32:
            to.append(_INTEGER)
            to += struct.pack("<i", value)
        case int() | float():
            to.append(_NUMBER)
            to += struct.pack("<d", value)
        case str():
            _write(value.encode(), to)
        case bytes():
            to += _size(_TEXT + len(value)) + value
        case Mapping():
            to += bytes((_HASH,)) + _size(len(value)) if value else bytes((_EMPTY,))
            for key in sorted(value):
                _write(key, to)
                _write(value[key], to)
        case list() | tuple():
            to += bytes((_SEQUENCE,)) + _size(len(value) + 1) if value else bytes((_EMPTY,))
            for item in value:
                _write(item, to)
        case _:
            raise TypeError(f"{type(value).__name__} has no spelling at the edge")


def _size(number: int) -> bytes:
    """One byte for small numbers, two or five for others."""
    if number < 0xE0:
        return bytes((number,))
    if number < 0x1FE0:
        high, low = divmod(number - 0xE0, 0x100)
        return bytes((0xE0 + high, low))
    return b"\xff" + struct.pack("<I", number)


def deserialize(content: bytes) -> LuaValue:
    """The value of which `serialize` made these bytes, texts that are no UTF-8 as bytes.

    An empty mapping comes back as an empty tuple. Raises `ValueError` for anything else.
    """
    try:
        value, end = _read(content, 0)
    except (IndexError, struct.error):
        raise ValueError("it is cut short") from None
    if end != len(content):
        raise ValueError("something follows the value")
    return value


def _read(content: bytes, at: int) -> tuple[LuaValue, int]:
    tag = content[at]
    match tag:
        case 0x01 | 0x02:
            return tag == _TRUE, at + 1
        case 0x06:
            return struct.unpack_from("<i", content, at + 1)[0], at + 5
        case 0x07:
            return struct.unpack_from("<d", content, at + 1)[0], at + 9
        case 0x08:
            return (), at + 1
        case 0x09:
            return _read_mapping(content, at + 1)
        case 0x0C:
            return _read_sequence(content, at + 1)
        case _ if tag >= _TEXT:
            return _read_text(content, at)
        case _:
            raise ValueError(f"nothing that is written here begins with {tag}")


def _read_mapping(content: bytes, at: int) -> tuple[LuaTable, int]:
    count, at = _read_size(content, at)
    table: dict[str, LuaValue] = {}
    for _ in range(count):
        key, at = _read(content, at)
        table[str(key)], at = _read(content, at)
    return table, at


def _read_sequence(content: bytes, at: int) -> tuple[LuaValue, int]:
    count, at = _read_size(content, at)
    items: list[LuaValue] = []
    for _ in range(count - 1):
        item, at = _read(content, at)
        items.append(item)
    return tuple(items), at


def _read_text(content: bytes, at: int) -> tuple[str | bytes, int]:
    size, at = _read_size(content, at)
    end = at + size - _TEXT
    if end > len(content):
        raise ValueError("it is cut short")
    text = content[at:end]
    try:
        return text.decode(), end
    except UnicodeDecodeError:
        return text, end


def _read_size(content: bytes, at: int) -> tuple[int, int]:
    first = content[at]
    if first < 0xE0:
        return first, at + 1
    if first < 0xFF:
        return (first - 0xE0) * 0x100 + content[at + 1] + 0xE0, at + 2
    return struct.unpack_from("<I", content, at + 1)[0], at + 5
