"""The parts of a multipart body as Lua is told of them."""

from __future__ import annotations

from typing import Literal

from forecourt.compiler.bundle.layout import Kind
from forecourt.compiler.contracts.readings import CONTAINERS, Readings
from forecourt.compiler.contracts.serialized import LuaValue
from forecourt.contract.media_types import is_json
from forecourt.contract.values import Json, Pointer, child

Way = Literal["json", "text", "bytes"]


def part_field(
    name: str, schema: Pointer, encoding: Json, readings: Readings
) -> dict[str, LuaValue]:
    """The field of a property of a multipart body (OpenAPI 3.1.1, section 4.8.15.1.1).

    `way`: whether its content is JSON, a text, or bytes that nobody looks into. `many`: one part an
    item. `types`: the media types that it may say it has, where the contract names some.
    """
    kinds = readings.kinds(schema)
    many = bool(kinds & Kind.ARRAY) and not kinds & ~(Kind.ARRAY | Kind.NULL)
    each = _items(schema, readings) if many else schema
    declared = child(encoding, "contentType")
    types = [t.strip().lower() for t in declared.split(",")] if isinstance(declared, str) else []
    return {
        "name": name,
        "value": readings.reading(each),
        "way": _way(types, each, readings),
        **({"many": True} if many else {}),
        **({"types": [t for t in types if t]} if any(types) else {}),
    }


def _items(schema: Pointer, readings: Readings) -> Pointer | None:
    places = [(*p.at, "items") for p in readings.parts(schema) if "items" in p.schema]
    return places[0] if places else None


def _way(types: list[str], schema: Pointer | None, readings: Readings) -> Way:
    if types:
        if all(is_json(t) and "*" not in t for t in types):
            return "json"
        return "text" if all(t.startswith("text/") for t in types) else "bytes"
    if schema is None or _is_binary(schema, readings):
        return "bytes"
    kinds = readings.kinds(schema)
    return "json" if kinds & CONTAINERS and not kinds & Kind.STRING else "text"


def _is_binary(schema: Pointer, readings: Readings) -> bool:
    """Whether its texts are none: as OpenAPI 3.0 says it, and 3.1."""
    parts = readings.parts(schema)
    return all(not part.schema for part in parts) or any(
        part.schema.get("format") == "binary"
        or ("contentMediaType" in part.schema and "contentEncoding" not in part.schema)
        for part in parts
    )
