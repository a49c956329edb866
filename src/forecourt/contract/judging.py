"""What is wrong with one thing of a document, apart from the things that stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from forecourt.contract import codes, plain
from forecourt.contract.judgeable import unjudgeable
from forecourt.contract.plain import Fit
from forecourt.contract.references import reference_of
from forecourt.contract.shapes import SHAPES, Form, Kind, Plain
from forecourt.contract.statuses import is_status
from forecourt.contract.trouble import Trouble
from forecourt.contract.values import Json, Pointer
from forecourt.contract.ways import Way, pointer_of
from forecourt.source.codes import Code
from forecourt.source.quoting import shown
from forecourt.source.vocabulary.spelling import nearest

_LOCATIONS = ("path", "query", "header", "cookie")
_BODIES = ("body", "formData")  # of OpenAPI 2


def judged(kind: Kind, value: dict[str, Json], way: Way) -> Iterator[Trouble]:
    """Mistakes in the fields that hold nothing further; an error where the meaning is lost."""
    for key, inner in value.items():
        field = SHAPES[kind].get(key)
        if field is None:
            yield from _unknown(kind, value, key, way)
        elif field.plain is not None:
            yield from _plain(kind, key, inner, field.plain, way, matters=field.matters)
    match kind:
        case "parameter":
            yield from _parameter(value, way)
        case "schema":
            if not plain.is_type(value.get("type")):
                yield _type(value["type"], way)
            yield from unjudgeable(value, pointer_of(way))
        case "operation":
            yield from security_troubles(value.get("security"), (*pointer_of(way), "security"))
        case _:
            pass


def misshapen(form: Form, value: Json, way: Way) -> Trouble:
    """What is said of a value that is no mapping, or no list, where OpenAPI has one."""
    expected = "a list" if form.how == "list" else "a mapping"
    at = pointer_of(way)
    return _error(at, f"{shown(at[-1])} is {_quoted(value)}, where OpenAPI has {expected}")


def no_status(key: str, way: Way) -> Iterator[Trouble]:
    """What is said of a response whose key is none; extensions are no responses."""
    if not is_status(key) and not key.startswith("x-"):
        message = f"{shown(key)} is no response: not a status, a range as `4XX`, or `default`"
        yield _remark(codes.BAD_STATUS, (*pointer_of(way), key), message)


def misplaced_reference(form: Form, way: Way) -> Trouble:
    """What is said of a `$ref` at a place that has none in OpenAPI."""
    what = _named(form)
    message = f"a `$ref` stands for {what}, where OpenAPI provides for none; it is followed"
    return _remark(codes.NOT_AS_SPECIFIED, (*pointer_of(way), "$ref"), message, alike=what)


def security_troubles(value: Json, at: Pointer) -> Iterator[Trouble]:
    """What keeps `security` from saying who may call."""
    if not isinstance(value, list):
        if value is not None:
            yield _error(at, f"`security` is {_quoted(value)}, where OpenAPI has a list")
        return
    for index, requirement in enumerate(value):
        scopes = requirement.values() if isinstance(requirement, dict) else (None,)
        if not all(isinstance(s, list) and all(isinstance(i, str) for i in s) for s in scopes):
            message = "this is no requirement: a mapping from schemes to lists of scopes"
            yield _error((*at, str(index)), message)


def _unknown(kind: Kind, value: dict[str, Json], key: str, way: Way) -> Iterator[Trouble]:
    at = (*pointer_of(way), key)
    if key == "$ref":
        if reference_of(value) is None:
            yield _error(at, "`$ref` is no text, and so refers to nothing")
        return
    near = _near(kind, key)
    # A schema may hold what others define.
    if key.startswith("x-") or (near is None and kind == "schema"):
        return
    help = f"did you mean `{near}`?" if near is not None else "extensions begin with `x-`"
    what = _named(Form(kind))
    message = f"{what} has no {shown(key)}, so it is passed over"
    yield _remark(codes.UNKNOWN_FIELD, at, message, alike=f"{what} {key}", help=help)


@lru_cache(maxsize=4096)
def _near(kind: Kind, key: str) -> str | None:
    """What was probably meant. Few are compared: a document may hold a million foreign keys."""
    alike = (w for w in SHAPES[kind] if w[0] == key[:1].lower() and abs(len(w) - len(key)) <= 3)
    return nearest(key, alike)


def _plain(
    kind: Kind, key: str, value: Json, expected: Plain, way: Way, *, matters: bool
) -> Iterator[Trouble]:
    how = plain.fit(value, expected)
    if how is Fit.EXACT:
        return
    at = (*pointer_of(way), key)
    message = f"`{key}` is {_quoted(value)}, where OpenAPI has {plain.EXPECTED[expected]}"
    if how is Fit.UNCLEAR and matters:
        yield _error(at, message)
    else:
        alike = f"{kind} {message}"
        yield Trouble(code=codes.NOT_AS_SPECIFIED, at=at, message=message, on="value", alike=alike)


# What other languages call them.
_TYPES = {
    **dict.fromkeys(("int", "int32", "int64", "long"), "integer"),
    **dict.fromkeys(("float", "double", "decimal"), "number"),
    **dict.fromkeys(("str", "text", "date", "date-time", "datetime", "uuid", "file"), "string"),
    "bool": "boolean",
    "list": "array",
    **dict.fromkeys(("map", "dict", "hash"), "object"),
}


def _type(value: Json, way: Way) -> Trouble:
    message = f"`type` is {_quoted(value)}, which is not a type of JSON Schema"
    ours = _TYPES.get(value.lower()) if isinstance(value, str) else None
    help = f"write `type: {ours}`" if ours is not None else None
    return _error((*pointer_of(way), "type"), message, help=help)


def _parameter(value: dict[str, Json], way: Way) -> Iterator[Trouble]:
    at = pointer_of(way)
    name, location = value.get("name"), value.get("in")
    if name is None or name == "":
        yield _error((*at, "name"), "a parameter has no `name`")
    if location is None:
        yield _error((*at, "in"), "a parameter has no `in`, which says where it stands")
    elif location not in _LOCATIONS:
        listed = ", ".join(_LOCATIONS)
        message = f"`in` is {_quoted(location)}, which is not one of {listed}"
        body = "describe a body below `requestBody`" if location in _BODIES else None
        yield _error((*at, "in"), message, help=body)
    elif location == "path" and value.get("required") is not True:
        message = "a parameter in the path is always `required: true`, whatever is written"
        yield _remark(codes.NOT_AS_SPECIFIED, (*at, "in"), message, alike="required")


def _error(at: Pointer, message: str, *, help: str | None = None) -> Trouble:
    return Trouble(code=codes.CONTRACT_SHAPE, at=at, message=message, help=help, on="value")


def _remark(
    code: Code, at: Pointer, message: str, *, alike: str = "", help: str | None = None
) -> Trouble:
    return Trouble(code=code, at=at, message=message, help=help, alike=alike)


def _named(form: Form) -> str:
    match form.how:
        case "one":
            return f"{'an' if form.kind[0] in 'aeiou' else 'a'} {form.kind}"
        case "list":
            return f"a list of {form.kind}s"
        case "map":
            return f"a mapping of {form.kind}s"


def _quoted(value: Json) -> str:
    match value:
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case bool():
            return f"`{str(value).lower()}`"
        case None:
            return "nothing"
        case _:
            return shown(str(value))
