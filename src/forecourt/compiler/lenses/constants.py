"""Values of JSON that lenses bring, as the edge puts them into bodies."""

from __future__ import annotations

from decimal import Decimal

from forecourt.compiler.contracts.serialized import LuaTable, LuaValue
from forecourt.contract.values import Json, encode

# Of each kind the bit that the edge has for it (`edge/lua/forecourt/json/memory.lua`).
NULL, BOOLEAN, FRACTION, INTEGER, STRING, ARRAY, OBJECT = (1 << bit for bit in range(7))


def constant(value: Json) -> LuaTable:
    """`kind`; then `text` as JSON, and `means` of a text; or `members`, or `items`."""
    match value:
        case dict():
            members: list[LuaValue] = [[name, constant(v)] for name, v in value.items()]
            return {"kind": OBJECT, "members": members}
        case list():
            return {"kind": ARRAY, "items": [constant(item) for item in value]}
        case str():
            return {"kind": STRING, "text": encode(value), "means": value}
        case _:
            return {"kind": _kind(value), "text": encode(value)}


def _kind(value: int | Decimal | bool | None) -> int:
    match value:
        case None:
            return NULL
        case bool():
            return BOOLEAN
        case _:
            return INTEGER if value == int(value) else FRACTION
