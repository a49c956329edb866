"""Audience marks that hide nothing, or not what was meant: a mistake here would be a leak."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from forecourt.contract import codes
from forecourt.contract.assembling import FILES
from forecourt.contract.components import SECTIONS
from forecourt.contract.shapes import SHAPES, Form, Kind
from forecourt.contract.trouble import Trouble
from forecourt.contract.values import Json, Pointer, child, descend
from forecourt.estate.audience import Audience
from forecourt.source.quoting import shown
from forecourt.source.vocabulary.spelling import nearest

# What stands somewhere: a thing of a kind; data, in which a mark is a word like any other; names of
# things, of which a mark's may be one; a place that means what a reference makes of it; or one
# where nothing can be hidden.
Place: TypeAlias = Kind | Literal["data", "names", "anything", "nothing"]

_KINDS = {section: kind for kind, section in SECTIONS.items()}
_WORDS = tuple(audience.value for audience in Audience)
_DATA = frozenset({"example", "examples", "default", "const", "enum", "value"})

# What such a schema says is not about a part of a value that is there or is not.
_CONDITIONS = frozenset(
    {"not", "if", "then", "else", "propertyNames", "contains", "contentSchema", "dependentSchemas"}
)


def mark_troubles(root: Json, marks: Iterable[Pointer]) -> Iterator[Trouble]:
    """What is wrong with the marks of a document, which stand at these places."""
    for at in marks:
        if not is_mark(root, at):
            continue
        place = place_of(root, at[:-1])
        is_schema = place in ("schema", "anything")
        if place in ("nothing", "names") or (at[-1] == "x-enum-audience" and not is_schema):
            yield _misplaced(at)
        elif at[-1] == "x-audience":
            yield from _word(descend(root, at), at)
        else:
            yield from _choices(descend(root, at[:-1]), at)


def is_mark(root: Json, at: Pointer) -> bool:
    """Whether what stands there marks something: it is no example, and no property's name."""
    place = place_of(root, at[:-1])
    if place == "data":
        return False
    is_name = at[-1] == "x-audience" and isinstance(descend(root, at), dict | bool)
    return not (is_name and place in ("names", "anything"))


def _misplaced(at: Pointer) -> Trouble:
    if len(at) == 1:
        message = f"{shown(at[-1])} marks the whole document, whose audience `api.yaml` says"
        help = "write `audience` in `api.yaml`, or mark what is narrower than that"
    else:
        message = f"{shown(at[-1])} hides nothing here"
        help = "mark a path, operation, parameter, header, body, response, property or branch"
        if at[-1] == "x-enum-audience":
            help = "write it beside the `enum` whose values it marks"
    return Trouble(code=codes.MISPLACED_MARK, at=at, message=message, help=help)


def _word(word: Json, at: Pointer) -> Iterator[Trouble]:
    if word in _WORDS:
        return
    meant = nearest(word, _WORDS) if isinstance(word, str) else None
    written = shown(str(word)) if isinstance(word, str | int) else "no word"
    yield Trouble(
        code=codes.BAD_MARK,
        at=at,
        message=f"{shown(at[-1])} is {written}, which is not one of {', '.join(_WORDS)}",
        help=None if meant is None else f"did you mean `{meant}`?",
        on="value",
    )


def _choices(schema: Json, at: Pointer) -> Iterator[Trouble]:
    """Whether marks of values name values, and the fallback is one that everybody sees."""
    listed, marks = child(schema, "enum"), child(schema, "x-enum-audience")
    if not isinstance(listed, list) or not isinstance(marks, dict):
        message = "`x-enum-audience` is no mapping from values of the `enum` beside it"
        help = "write the values that are narrower: `x-enum-audience: {gold: partner}`"
        yield Trouble(code=codes.BAD_MARK, at=at, message=message, help=help)
        return
    values = [value for value in listed if isinstance(value, str)]
    for value, word in marks.items():
        if value not in values:
            meant = nearest(value, values)
            yield Trouble(
                code=codes.BAD_MARK,
                at=(*at, value),
                message=f"{shown(value)} is none of the texts of the `enum`",
                help="take the mark away" if meant is None else f"did you mean {shown(meant)}?",
            )
        else:
            yield from _word(word, (*at, value))
    fallback = child(schema, "x-enum-fallback")
    if fallback is not None and (fallback not in listed or fallback in list(marks)):
        yield Trouble(
            code=codes.BAD_MARK,
            at=(*at[:-1], "x-enum-fallback"),
            message="`x-enum-fallback` stands in for values that are hidden, and is no value of "
            "the `enum` that everybody sees",
            help="name one without a mark",
            on="value",
        )


# --- what stands at a place -----------------------------------------------------------------------


def place_of(root: Json, at: Pointer) -> Place:
    """What stands there, as far as the way to it tells."""
    match at:
        case (name, path, *rest) if name == FILES:
            inner = tuple(rest)
            is_document = isinstance(descend(root, (FILES, path, "openapi")), str)
            return place_of(root, inner) if is_document and inner else "anything"
        case ("paths" | "webhooks", _, *rest):
            return _within("path item", rest)
        case ("components", section, _, *rest) if section in _KINDS:
            return _within(_KINDS[section], rest)
        case (first, *_) if first.startswith("x-"):
            return "anything"
        case _:
            return "nothing"


def _within(kind: Kind, steps: list[str]) -> Place:
    """What stands below a thing of a kind."""
    waiting = list(reversed(steps))
    is_condition = False
    while waiting:
        key = waiting.pop()
        if kind == "callback":
            kind = "path item"
            continue
        form = _form(kind, key)
        if not isinstance(form, Form):
            return form
        is_condition = is_condition or (kind == "schema" and key in _CONDITIONS)
        kind = form.kind
        if form.how != "one" or (key == "items" and waiting and waiting[-1].isdigit()):
            if not waiting:
                return "names"
            waiting.pop()
    return "nothing" if is_condition else kind


def _form(kind: Kind, key: str) -> Form | Literal["data", "nothing"]:
    if kind == "schema" and key in ("$defs", "definitions"):
        return Form("schema", "map")
    field = SHAPES[kind].get(key)
    if field is None or field.form is None:
        return "data" if key in _DATA else "nothing"
    return field.form
