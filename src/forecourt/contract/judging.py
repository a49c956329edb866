"""What is wrong with one thing of a document, apart from the things that stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from forecourt.contract import codes, keywords, plain
from forecourt.contract.judgeable import unjudgeable
from forecourt.contract.judging_parameters import parameter_troubles
from forecourt.contract.judging_schemas import schema_troubles
from forecourt.contract.keywords import Malformed
from forecourt.contract.media_types import is_media_type
from forecourt.contract.openapi_3_0 import NOT_IN_3_0
from forecourt.contract.plain import Fit
from forecourt.contract.references import reference_of
from forecourt.contract.remarks import error, named, not_as_specified, quoted, remark
from forecourt.contract.shapes import SHAPES, Field, Form, Kind
from forecourt.contract.statuses import is_status
from forecourt.contract.trouble import Trouble
from forecourt.contract.values import Json, Pointer
from forecourt.contract.ways import Way, pointer_of
from forecourt.source.quoting import shown
from forecourt.source.vocabulary.spelling import nearest

# The way out where a key is like none that means something.
LIKE_NOTHING = "extensions begin with `x-`"


def judged(kind: Kind, value: dict[str, Json], way: Way, *, is_3_0: bool) -> Iterator[Trouble]:
    """Mistakes in the fields that hold nothing further; an error where the meaning is lost."""
    for key, inner in value.items():
        field = SHAPES[kind].get(key)
        if field is None:
            yield from _unknown(kind, value, key, way)
        elif field.plain is not None and not (kind == "schema" and is_3_0 and key in NOT_IN_3_0):
            yield from _plain(kind, key, inner, field, way)
    at = pointer_of(way)
    match kind:
        case "parameter" | "header":
            yield from parameter_troubles(kind, value, at)
        case "schema":
            yield from schema_troubles(value, at, is_3_0=is_3_0)
            yield from unjudgeable(value, at)
        case "operation":
            yield from security_troubles(value.get("security"), (*at, "security"))
            yield from _of_responses(value, at, is_3_0=is_3_0)
        case "request body":
            if value.get("content") in (None, {}):
                yield not_as_specified(at, "a request body has no `content`, so none is taken")
        case "media type":
            yield from _two_kinds_of_examples(value, at)
        case _:
            pass


def misshapen(form: Form, value: Json, way: Way) -> Trouble:
    """What is said of a value that is no mapping, or no list, where OpenAPI has one."""
    expected = "a list" if form.how == "list" else "a mapping"
    at = pointer_of(way)
    what = shown(at[-1]) if at else "the whole document"  # which a `$ref` may lead to
    return error(at, f"{what} is {quoted(value)}, where OpenAPI has {expected}")


def entry_troubles(kind: Kind, key: str, way: Way) -> Iterator[Trouble]:
    """What is said of the name of an entry of a mapping of such things."""
    at = (*pointer_of(way), key)
    if kind == "response" and not is_status(key) and not key.startswith("x-"):
        message = f"{shown(key)} is no response: not a status, a range as `4XX`, or `default`"
        yield remark(codes.BAD_STATUS, at, message)
    elif kind == "response" and key.endswith("xx"):
        yield not_as_specified(at, f"`{key}` is written `{key.upper()}` in OpenAPI")
    elif kind == "media type" and not is_media_type(key):
        message = f"{shown(key)} is no media type, so no body is of it"
        yield remark(codes.NOT_AS_SPECIFIED, at, message, help="write one as `application/json`")


def misplaced_reference(form: Form, way: Way) -> Trouble:
    """What is said of a `$ref` at a place that has none in OpenAPI."""
    what = named(form)
    message = f"a `$ref` stands for {what}, where OpenAPI provides for none; it is followed"
    return remark(codes.NOT_AS_SPECIFIED, (*pointer_of(way), "$ref"), message, alike=what)


def beside_reference(kind: Kind, value: dict[str, Json], way: Way) -> Iterator[Trouble]:
    """What stands beside a `$ref` that stands for the whole thing, and does not count."""
    for key in value:
        if (field := SHAPES[kind].get(key)) is not None and field.matters:
            message = (
                f"`{key}` stands beside the `$ref` of {named(Form(kind))}, so it is passed over"
            )
            yield not_as_specified((*pointer_of(way), key), message)


def security_troubles(value: Json, at: Pointer) -> Iterator[Trouble]:
    """What keeps `security` from saying who may call."""
    if not isinstance(value, list):
        if value is not None:
            yield error(at, f"`security` is {quoted(value)}, where OpenAPI has a list")
        return
    for index, requirement in enumerate(value):
        scopes = requirement.values() if isinstance(requirement, dict) else (None,)
        if not all(isinstance(s, list) and all(isinstance(i, str) for i in s) for s in scopes):
            message = "this is no requirement: a mapping from schemes to lists of scopes"
            yield error((*at, str(index)), message)


def _two_kinds_of_examples(value: dict[str, Json], at: Pointer) -> Iterator[Trouble]:
    """`example` and `examples` exclude each other."""
    if value.get("example") is not None and value.get("examples"):
        message = "`examples` stand beside `example`, which is shown where nobody asks for another"
        yield not_as_specified((*at, "examples"), message)


def _of_responses(value: dict[str, Json], at: Pointer, *, is_3_0: bool) -> Iterator[Trouble]:
    responses = value.get("responses")
    if responses == {} or (responses is None and is_3_0):
        what = "no" if responses is None else "empty"
        message = f"an operation has {what} `responses`, so it declares no answer"
        yield not_as_specified((*at, "responses") if responses == {} else at, message)


def _unknown(kind: Kind, value: dict[str, Json], key: str, way: Way) -> Iterator[Trouble]:
    at = (*pointer_of(way), key)
    if key == "$ref":
        if reference_of(value) is None:
            yield error(at, "`$ref` is no text, and so refers to nothing")
        return
    near = _near(kind, key)
    # A schema may hold what others define.
    if key.startswith("x-") or (near is None and kind == "schema"):
        return
    help = f"did you mean `{near}`?" if near is not None else LIKE_NOTHING
    what = named(Form(kind))
    message = f"{what} has no {shown(key)}, so it is passed over"
    yield remark(codes.UNKNOWN_FIELD, at, message, alike=f"{what} {key}", help=help)


@lru_cache(maxsize=4096)
def _near(kind: Kind, key: str) -> str | None:
    """What was probably meant. Few are compared: a document may hold a million foreign keys."""
    alike = (w for w in SHAPES[kind] if w[0] == key[:1].lower() and abs(len(w) - len(key)) <= 3)
    return nearest(key, alike)


def _plain(kind: Kind, key: str, value: Json, field: Field, way: Way) -> Iterator[Trouble]:
    assert field.plain is not None
    how = plain.fit(value, field.plain)
    if how is Fit.EXACT:
        return
    at = (*pointer_of(way), key)
    message = f"`{key}` is {quoted(value)}, where OpenAPI has {plain.EXPECTED[field.plain]}"
    if how is Fit.UNCLEAR and field.matters:
        yield error(at, message)
        return
    if kind == "schema" and _is_passed_over(key, value):
        message += "; it is passed over"
    alike = f"{kind} {message}"
    yield Trouble(code=codes.NOT_AS_SPECIFIED, at=at, message=message, on="value", alike=alike)


def _is_passed_over(key: str, value: Json) -> bool:
    """Whether a keyword says nothing with such a value."""
    try:
        if key in keywords.PLAIN:
            keywords.PLAIN[key](value)
    except Malformed:
        return True
    return False
