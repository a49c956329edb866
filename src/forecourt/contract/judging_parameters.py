"""What is wrong with one parameter, or a header of a response.

Sources: https://spec.openapis.org/oas/v3.0.4 (section 4.7.12), https://spec.openapis.org/oas/v3.1.1
(section 4.8.12).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from forecourt.contract.remarks import error, not_as_specified, quoted
from forecourt.contract.trouble import Trouble
from forecourt.contract.values import Json, Pointer
from forecourt.diagnostics import Severity

_LOCATIONS = ("path", "query", "header", "cookie")
_BODIES = ("body", "formData")  # of OpenAPI 2

# Where each style may stand; elsewhere it means nothing. The first is what holds without one.
STYLES: dict[str, tuple[str, ...]] = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}


def parameter_troubles(
    kind: Literal["parameter", "header"], value: dict[str, Json], at: Pointer
) -> Iterator[Trouble]:
    """Mistakes in its own fields; an error where nobody can tell what it is."""
    location = "header" if kind == "header" else value.get("in")
    if kind == "parameter":
        of_its_place = tuple(_of_its_place(value, at))
        yield from of_its_place
        if any(trouble.code.severity is Severity.ERROR for trouble in of_its_place):
            return
    yield from _of_its_value(kind, value, at)
    style = value.get("style")
    styles = STYLES.get(location) if isinstance(location, str) else None
    if isinstance(style, str) and styles is not None and style not in styles:
        message = f"`style` is {quoted(style)}, which means nothing in the {location}"
        yield not_as_specified((*at, "style"), f"{message}; `{styles[0]}` counts")
    if value.get("example") is not None and value.get("examples"):
        message = "`example` and `examples` stand side by side, which OpenAPI does not allow"
        yield not_as_specified((*at, "examples"), message)


def _of_its_place(value: dict[str, Json], at: Pointer) -> Iterator[Trouble]:
    name, location = value.get("name"), value.get("in")
    if name is None or name == "":
        yield error((*at, "name"), "a parameter has no `name`")
    if location is None:
        yield error((*at, "in"), "a parameter has no `in`, which says where it stands")
    elif location not in _LOCATIONS:
        listed = ", ".join(_LOCATIONS)
        message = f"`in` is {quoted(location)}, which is not one of {listed}"
        body = "describe a body below `requestBody`" if location in _BODIES else None
        yield error((*at, "in"), message, help=body)
    elif location == "path" and value.get("required") is not True:
        message = "a parameter in the path is always `required: true`, whatever is written"
        yield not_as_specified((*at, "in"), message)


def _of_its_value(kind: str, value: dict[str, Json], at: Pointer) -> Iterator[Trouble]:
    content = value.get("content")
    media_types = len(content) if isinstance(content, dict) else 0
    if value.get("schema") is None and not media_types:
        message = f"a {kind} has neither `schema` nor `content`, so any text is taken"
        yield not_as_specified(at, message)
    elif value.get("schema") is not None and media_types:
        message = f"a {kind} has `schema` and `content`, of which `content` counts"
        yield not_as_specified((*at, "schema"), message)
    if media_types > 1:
        message = f"`content` of a {kind} has several media types, of which the first counts"
        yield not_as_specified((*at, "content"), message)
