"""A named value of a request as Lua is told of it: how it is written, and what it may be.

A field is a table of `name`, `value` (a reading, `readings.py`) and what of this holds:
`required`; `plain`: a single text without any syntax of its own; else `style`, and `explode`;
`many`: its name may come more than once; `brackets`: its name may go on in brackets;
`json`: its text is JSON; `empty`: an empty text is as good as any; `root`: what judges it.
"""

from __future__ import annotations

from forecourt.compiler.bundle.layout import Kind
from forecourt.compiler.contracts.readings import CONTAINERS, Readings
from forecourt.compiler.contracts.serialized import LuaValue
from forecourt.contract.media_types import is_json
from forecourt.contract.model import Parameter, ParameterIn
from forecourt.contract.values import Json, Pointer, child, descend

_DEFAULT: dict[ParameterIn, str] = {
    "path": "simple",
    "query": "form",
    "header": "simple",
    "cookie": "form",
}
# OpenAPI 3.1.1, section 4.8.12.3: where each style may stand; elsewhere it means nothing.
_STYLES: dict[ParameterIn, frozenset[str]] = {
    "path": frozenset({"simple", "label", "matrix"}),
    "query": frozenset({"form", "spaceDelimited", "pipeDelimited", "deepObject"}),
    "header": frozenset({"simple"}),
    "cookie": frozenset({"form"}),
}
# Styles that say how several values stand in one text, or how names repeat.
_WITHOUT_SYNTAX = frozenset({"simple", "form", "spaceDelimited", "pipeDelimited"})


def parameter_field(parameter: Parameter, root: str, readings: Readings) -> dict[str, LuaValue]:
    """The field of a parameter. `root`: the name of what judges it, if anything does."""
    content = parameter.contents[0] if parameter.contents else None
    schema = parameter.schema if content is None else content.schema
    is_header = parameter.location == "header"
    field: dict[str, LuaValue] = {
        "name": parameter.name.lower() if is_header else parameter.name,
        **_flags(required=parameter.is_required, empty=_allows_empty(readings.document, parameter)),
        **({} if schema is None else {"root": root}),
    }
    if content is not None:
        if is_json(content.media_type):
            return field | {"json": True, "value": int(Kind.ANY)}
        return field | {"plain": True, "value": int(Kind.STRING)}
    style = parameter.style
    if style not in _STYLES[parameter.location]:
        style = _DEFAULT[parameter.location]
    return field | written_as(style, schema, readings, explode=parameter.explode)


def written_as(
    style: str, schema: Pointer | None, readings: Readings, *, explode: bool
) -> dict[str, LuaValue]:
    """What a style means for values of a schema."""
    value = readings.reading(schema)
    kinds = Kind.ANY if schema is None else readings.kinds(schema)
    if style in _WITHOUT_SYNTAX and (not kinds & CONTAINERS or schema is None):
        return {"plain": True, "value": value, **_flags(many=schema is None)}
    if style == "deepObject":
        return {"style": "form", "value": value, "brackets": True}
    is_form = style not in ("simple", "label", "matrix")
    return {
        "style": style,
        "value": value,
        **_flags(explode=explode, many=is_form and explode and bool(kinds & Kind.ARRAY)),
    }


def is_spread(parameter: Parameter, readings: Readings) -> bool:
    """Whether its members are parameters of their own names: `?R=100&G=200`."""
    if parameter.style != "form" or not parameter.explode or parameter.schema is None:
        return False
    kinds = readings.kinds(parameter.schema)
    return bool(kinds & Kind.OBJECT) and not kinds & ~(Kind.OBJECT | Kind.NULL)


def form_field(
    name: str, schema: Pointer, encoding: Json, readings: Readings
) -> dict[str, LuaValue]:
    """The field of a property of a form (OpenAPI 3.1.1, section 4.8.15.1).

    Where no style is declared an object is JSON, and both objects and lists may come in brackets:
    so do many clients write them.
    """
    field: dict[str, LuaValue] = {"name": name}
    style, explode = child(encoding, "style"), child(encoding, "explode")
    if style in _STYLES["query"] or isinstance(explode, bool):
        style = style if isinstance(style, str) else "form"
        explode = explode if isinstance(explode, bool) else style == "form"
        return field | written_as(style, schema, readings, explode=explode)
    media_type = child(encoding, "contentType")
    kinds = readings.kinds(schema)
    is_object = bool(kinds & Kind.OBJECT) and not kinds & ~(CONTAINERS | Kind.NULL)
    if is_json(media_type) if isinstance(media_type, str) else is_object:
        return field | {"json": True, "brackets": True, "value": readings.reading(schema)}
    return (
        field
        | written_as("form", schema, readings, explode=True)
        | _flags(brackets=bool(kinds & CONTAINERS))
    )


def _allows_empty(document: Json, parameter: Parameter) -> bool:
    if parameter.location != "query" or parameter.pointer is None:
        return False
    return child(descend(document, parameter.pointer), "allowEmptyValue") is True


def _flags(**flags: bool) -> dict[str, LuaValue]:
    """Those that hold: what does not is absent in Lua."""
    return {name: True for name, holds in flags.items() if holds}
