"""The body of a request as Lua is told of it: its media types, and what each is judged by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase

from forecourt.compiler.contracts.fields import form_field
from forecourt.compiler.contracts.parts import part_field
from forecourt.compiler.contracts.readings import Readings
from forecourt.compiler.contracts.serialized import LuaValue
from forecourt.compiler.contracts.side import Side
from forecourt.contract.media_types import is_json
from forecourt.contract.model import Body, Content
from forecourt.contract.values import Json, Pointer, child, descend

_Spell = Callable[[str, Pointer, Json, Readings], dict[str, LuaValue]]

# What is judged by its fields: the kind, and how each is spelled.
_FORMS: Mapping[str, tuple[str, _Spell]] = {
    "application/x-www-form-urlencoded": ("form", form_field),
    "multipart/form-data": ("multipart", part_field),
}


def body_side(body: Body, name: str, readings: Readings) -> Side:
    """What Lua needs of a body. `name` is what the names of its roots begin with.

    `required`, if it is; `contents`: the narrowest media types first. A content has `type` (without
    parameters, in small letters), `parameters` that it asks for, its `kind`, and the `root` that
    judges it. Kinds: "json"; "form" and "multipart" with `fields`, where each stands (`names`) and
    how all others are taken (`rest`); "range": as JSON, `form` or `multipart`, which are contents
    of these kinds, if that is what comes; "other": not looked into.
    """
    roots: dict[str, Pointer] = {}
    contents: list[dict[str, LuaValue]] = []
    for index, content in enumerate(sorted(body.contents, key=_narrowness), 1):
        root = f"{name}{index}"
        if (spelled := _content(content, root, readings)).get("root"):
            assert content.schema is not None
            roots[root] = content.schema
        contents.append(spelled)
    table: dict[str, LuaValue] = {"contents": list(contents)}
    if body.is_required:
        table["required"] = True
    return Side(table=table, roots=roots)


def _content(content: Content, root: str, readings: Readings) -> dict[str, LuaValue]:
    essence, parameters = _parsed(content.media_type)
    spelled: dict[str, LuaValue] = {"type": essence}
    if parameters:
        spelled["parameters"] = parameters
    judged: dict[str, LuaValue] = {} if content.schema is None else {"root": root}
    if "*" not in essence and is_json(essence):
        return spelled | {"kind": "json"} | judged
    forms: dict[str, LuaValue] = {}
    if content.schema is not None:
        encodings = child(descend(readings.document, content.pointer), "encoding")
        for media_type, (kind, spell) in _FORMS.items():
            if fnmatchcase(media_type, essence):
                fields = _fields(content, encodings, spell, readings)
                forms[kind] = {"type": media_type, "kind": kind, **judged, **fields}
    if "*" in essence:
        return spelled | {"kind": "range"} | judged | forms
    form = forms.popitem()[1] if forms else {"kind": "other"}
    assert isinstance(form, dict)
    return spelled | form


def _fields(
    content: Content,
    encodings: Json,
    spell: _Spell,
    readings: Readings,
) -> dict[str, LuaValue]:
    assert content.schema is not None
    places: dict[str, Pointer] = {}
    rest = None
    for part in readings.parts(content.schema):
        for name in readings.names(part):
            places.setdefault(name, (*part.at, "properties", name))
        if isinstance(part.schema.get("additionalProperties"), dict | bool):
            rest = rest or (*part.at, "additionalProperties")
    names = sorted(places)
    fields: list[LuaValue] = [
        spell(name, places[name], child(encodings, name), readings) for name in names
    ]
    return {
        "fields": fields,
        "names": {name: index for index, name in enumerate(names, 1)},
        "rest": readings.reading(rest),
    }


def _parsed(media_type: str) -> tuple[str, dict[str, LuaValue]]:
    """The media type, and its parameters but for those that say how its bytes are to be read."""
    essence, *written = (piece.strip() for piece in media_type.split(";"))
    parameters: dict[str, LuaValue] = {}
    for parameter in written:
        name, _, value = parameter.partition("=")
        if name and name.lower() not in ("charset", "boundary"):
            parameters[name.strip().lower()] = value.strip().strip('"')
    return essence.lower(), parameters


def _narrowness(content: Content) -> tuple[int, int, str]:
    """What narrower media types are smaller by (RFC 9110, section 12.5.1)."""
    essence, parameters = _parsed(content.media_type)
    return essence.count("*"), -len(parameters), content.media_type
