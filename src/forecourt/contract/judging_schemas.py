"""What is wrong with one schema object, apart from the schemas that stand in it.

Sources: https://spec.openapis.org/oas/v3.0.4 (section 4.7.24), https://spec.openapis.org/oas/v3.1.1
(section 4.8.24), https://json-schema.org/draft/2020-12.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract import codes, keywords, plain
from forecourt.contract.keywords import Malformed
from forecourt.contract.openapi_3_0 import NOT_IN_3_0
from forecourt.contract.references import reference_of
from forecourt.contract.remarks import error, quoted, remark
from forecourt.contract.shapes import SHAPES
from forecourt.contract.trouble import Trouble
from forecourt.contract.values import Json, Pointer

_EXCLUSIVE = ("exclusiveMinimum", "exclusiveMaximum")

# What other languages call them.
_TYPES = {
    **dict.fromkeys(("int", "int32", "int64", "long"), "integer"),
    **dict.fromkeys(("float", "double", "decimal"), "number"),
    **dict.fromkeys(("str", "text", "date", "date-time", "datetime", "uuid", "file"), "string"),
    "bool": "boolean",
    "list": "array",
    **dict.fromkeys(("map", "dict", "hash"), "object"),
}


def schema_troubles(value: dict[str, Json], at: Pointer, *, is_3_0: bool) -> Iterator[Trouble]:
    """Mistakes in a schema's own keywords; an error where its meaning is lost."""
    if not plain.is_type(value.get("type")):
        yield _type(value["type"], at)
    yield from _of_3_0(value, at) if is_3_0 else _of_3_1(value, at)
    yield from _meaningless(value, at, is_3_0=is_3_0)
    if value.get("readOnly") is True and value.get("writeOnly") is True:
        message = "`readOnly` and `writeOnly` stand side by side, so that nobody may send this"
        yield remark(codes.NOT_AS_SPECIFIED, (*at, "writeOnly"), message, alike="both ways")
    if (written := value.get("discriminator")) is not None:
        name = written.get("propertyName") if isinstance(written, dict) else None
        if not isinstance(name, str):
            message = "a `discriminator` has no `propertyName`, so it tells nothing apart"
            place = (*at, "discriminator")
            yield remark(codes.NOT_AS_SPECIFIED, place, message, alike="discriminator")


def stands_beside(value: dict[str, Json], at: Pointer) -> Iterator[Trouble]:
    """What stands beside the `$ref` of a schema in OpenAPI 3.0, where nothing there counts."""
    for key in value:
        field = SHAPES["schema"].get(key)
        if field is not None and field.matters:
            message = f"`{key}` stands beside a `$ref`, so OpenAPI 3.0 passes it over"
            help = "put both into `allOf`"
            yield remark(codes.OTHER_VERSION, (*at, key), message, alike=f"$ref {key}", help=help)


def _of_3_0(value: dict[str, Json], at: Pointer) -> Iterator[Trouble]:
    kind = value.get("type")
    if isinstance(kind, list) and plain.is_type(kind):
        message = "`type` is a list, which OpenAPI 3.0 does not have; any of them is meant"
        yield remark(codes.OTHER_VERSION, (*at, "type"), message, alike="type list")
    elif kind == "null":
        message = "OpenAPI 3.0 has no type `null`; it is taken as OpenAPI 3.1 has it"
        yield remark(codes.OTHER_VERSION, (*at, "type"), message, alike="type null")
    elif kind == "array" and "items" not in value:
        message = "a list has no `items`, which OpenAPI 3.0 demands; they may be anything"
        yield remark(codes.NOT_AS_SPECIFIED, (*at, "type"), message, alike="items")
    for key in value:
        if key in NOT_IN_3_0:
            message = f"OpenAPI 3.0 has no `{key}`, so it is passed over"
            yield remark(codes.OTHER_VERSION, (*at, key), message, alike=f"3.0 {key}")
    for key in _EXCLUSIVE:
        if keywords.is_number(value.get(key)):
            message = f"`{key}` is a number, which OpenAPI 3.0 does not have; it is the bound"
            yield remark(codes.OTHER_VERSION, (*at, key), message, alike=f"3.0 {key}")
    if value.get("nullable") is True and kind is None and reference_of(value) is None:
        message = "`nullable` says nothing without a `type` beside it (OpenAPI 3.0.3)"
        yield remark(codes.NOT_AS_SPECIFIED, (*at, "nullable"), message, alike="nullable")


def _of_3_1(value: dict[str, Json], at: Pointer) -> Iterator[Trouble]:
    if value.get("nullable") is True:
        message = "OpenAPI 3.1 has no `nullable`, so it is passed over"
        kind = value.get("type")
        way_out = f'write `type: [{kind}, "null"]`' if isinstance(kind, str) else None
        place = (*at, "nullable")
        yield remark(codes.OTHER_VERSION, place, message, alike="3.1 nullable", help=way_out)
    for key in _EXCLUSIVE:
        if isinstance(value.get(key), bool):
            message = f"`{key}` is `true` or `false` in OpenAPI 3.0 only, so it is passed over"
            way_out = f"write the bound itself at `{key}`"
            place = (*at, key)
            yield remark(codes.OTHER_VERSION, place, message, alike=f"3.1 {key}", help=way_out)


def _meaningless(value: dict[str, Json], at: Pointer, *, is_3_0: bool) -> Iterator[Trouble]:
    """Keywords that hold what has no meaning there, of the type that they should hold."""
    for key, inner in value.items():
        if inner is None or (is_3_0 and key in NOT_IN_3_0) or key in _EXCLUSIVE:
            continue
        if key in keywords.OF_A_LIST and inner == []:
            message = f"`{key}` is an empty list, so it is passed over"
            yield remark(codes.NOT_AS_SPECIFIED, (*at, key), message, alike=f"empty {key}")
        elif key == "enum" and inner == []:
            message = "`enum` is an empty list, so no value is right"
            yield remark(codes.NOT_AS_SPECIFIED, (*at, key), message, alike="empty enum")
        elif key in keywords.PLAIN and _is_told_nowhere_else(key, inner):
            try:
                keywords.PLAIN[key](inner)
            except Malformed:
                message = f"`{key}` is {quoted(inner)}, which means nothing; it is passed over"
                yield remark(codes.NOT_AS_SPECIFIED, (*at, key), message, alike=message)


def _is_told_nowhere_else(key: str, value: Json) -> bool:
    """Whether its type is right, so that only its value can be wrong."""
    field = SHAPES["schema"].get(key)
    if field is None or field.plain not in ("number", "texts"):
        return key == "type" and value == []
    return plain.fit(value, field.plain) is plain.Fit.EXACT


def _type(value: Json, at: Pointer) -> Trouble:
    message = f"`type` is {quoted(value)}, which is not a type of JSON Schema"
    ours = _TYPES.get(value.lower()) if isinstance(value, str) else None
    help = f"write `type: {ours}`" if ours is not None else _nearest_type(value)
    return error((*at, "type"), message, help=help)


def _nearest_type(value: Json) -> str | None:
    near = plain.nearest_type(value) if isinstance(value, str) else None
    return f"did you mean `{near}`?" if near is not None else None
