"""Operations as values, from a document of which is known what can be told from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias, get_args

from forecourt.contract.limit_marks import LIMIT_MARK, declared_limit
from forecourt.contract.model import (
    Body,
    Content,
    Header,
    Operation,
    Parameter,
    ParameterIn,
    Requirement,
    Response,
    SchemeUse,
    SecurityScheme,
)
from forecourt.contract.references import Lost, follow
from forecourt.contract.statuses import is_status
from forecourt.contract.templates import path_names
from forecourt.contract.values import Json, Pointer, child, descend

Keyed: TypeAlias = dict[str, Json]

_LOCATIONS: tuple[ParameterIn, ...] = get_args(ParameterIn)
# OpenAPI 3.1.1, section 4.8.12.2.1.
_STYLES: dict[ParameterIn, str] = {
    "path": "simple",
    "query": "form",
    "header": "simple",
    "cookie": "form",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An operation in a document: where it stands, and what its path says of all of them."""

    method: str
    template: str
    at: Pointer
    path_at: tuple[Pointer, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.template}"


@dataclass(slots=True, kw_only=True)
class Building:
    """Makes the operations of one document. What many of them share is made once.

    `schemes` are the names of its security schemes.
    """

    root: Json
    schemes: frozenset[str] = frozenset()
    _parameters_at: dict[Pointer, Parameter | None] = field(default_factory=dict)
    _responses_at: dict[tuple[str, Pointer], Response] = field(default_factory=dict)

    def operation(self, found: Found, *, is_marked: bool) -> Operation:
        """The operation, as a value. What cannot be told of it is left out."""
        value = child(descend(self.root, found.at[:-1]), found.at[-1])
        written, at = at_key(self.root, value, found.at)
        own = written.get("security")
        security = child(self.root, "security") if own is None else own
        return Operation(
            method=found.method,
            template=found.template,
            pointer=at,
            id=text(written.get("operationId")) or None,
            summary=text(written.get("summary")),
            tags=_texts(written.get("tags")),
            parameters=self._parameters(found, written, at),
            body=_body(self.root, written, at),
            responses=self._responses(written, at),
            security=_requirements(security, self.schemes),
            is_deprecated=_flag(written, "deprecated"),
            has_audience_marks=is_marked,
            rate_limit=declared_limit(written.get(LIMIT_MARK)),
        )

    def _parameters(self, found: Found, written: Keyed, at: Pointer) -> tuple[Parameter, ...]:
        """Its own go before those of its path (OpenAPI 3.1.1, section 4.8.9.1)."""
        parameters: dict[tuple[str, str], Parameter] = {}
        for parameter in self._listed(written, at):
            parameters.setdefault((parameter.location, parameter.name), parameter)
        for path_at in found.path_at:
            path = descend(self.root, path_at)
            for parameter in self._listed(path if isinstance(path, dict) else {}, path_at):
                parameters.setdefault((parameter.location, parameter.name), parameter)
        for name in path_names(found.template):
            parameters.setdefault(("path", name), _any_text(name))
        return tuple(parameters[key] for key in sorted(parameters))

    def _listed(self, around: Keyed, at: Pointer) -> Iterator[Parameter]:
        found = follow(self.root, around.get("parameters"), (*at, "parameters"))
        if isinstance(found, Lost) or not isinstance(found.value, list):
            return
        for index, item in enumerate(found.value):
            place = (*found.at, str(index))
            if place not in self._parameters_at:
                self._parameters_at[place] = _parameter(self.root, item, place)
            if (parameter := self._parameters_at[place]) is not None:
                yield parameter

    def _responses(self, around: Keyed, around_at: Pointer) -> tuple[Response, ...]:
        responses, at = at_key(self.root, around.get("responses"), (*around_at, "responses"))
        return tuple(
            self._response(status, responses[status], (*at, status))
            for status in sorted(responses)
            if is_status(status)
        )

    def _response(self, status: str, value: Json, value_at: Pointer) -> Response:
        written, at = at_key(self.root, value, value_at)
        if (known := self._responses_at.get((status, at))) is None:
            known = self._responses_at[status, at] = _response(self.root, status, written, at)
        return known


def security_schemes(root: Json) -> tuple[SecurityScheme, ...]:
    """The schemes of a document's components, sorted by name."""
    schemes = child(child(root, "components"), "securitySchemes")
    found = []
    for name in sorted(schemes) if isinstance(schemes, dict) else ():
        scheme, _ = at_key(root, child(schemes, name), ())
        found.append(
            SecurityScheme(
                name=name,
                type=text(scheme.get("type")),
                location=text(scheme.get("in")),
                parameter=text(scheme.get("name")),
                user_scopes=_texts(scheme.get("x-user-scopes")),
            )
        )
    return tuple(found)


def at_key(root: Json, value: Json, at: Pointer) -> tuple[Keyed, Pointer]:
    """The mapping that a value stands for, past its references, and its place; or an empty one."""
    match follow(root, value, at):
        case Lost():
            return {}, at
        case found:
            return (found.value if isinstance(found.value, dict) else {}), found.at


def text(value: Json) -> str:
    """A text as it was written; nothing for what is none."""
    return "" if value is None or isinstance(value, dict | list) else str(value)


# --- what a request holds -------------------------------------------------------------------------


def _parameter(root: Json, value: Json, value_at: Pointer) -> Parameter | None:
    written, at = at_key(root, value, value_at)
    location = next((known for known in _LOCATIONS if known == written.get("in")), None)
    name = text(written.get("name"))
    if location is None or not name:
        return None
    style = text(written.get("style")) or _STYLES[location]
    return Parameter(
        name=name,
        location=location,
        style=style,
        explode=_flag(written, "explode", default=style == "form"),
        is_required=location == "path" or _flag(written, "required"),
        is_deprecated=_flag(written, "deprecated"),
        allows_reserved=_flag(written, "allowReserved"),
        pointer=at,
        schema=_schema(written, at),
        contents=_contents(root, written, at),
    )


def _any_text(name: str) -> Parameter:
    """A name of a template of which nothing is said."""
    return Parameter(name=name, location="path", style="simple", explode=False, is_required=True)


def _body(root: Json, around: Keyed, around_at: Pointer) -> Body | None:
    if around.get("requestBody") is None:
        return None
    written, at = at_key(root, around["requestBody"], (*around_at, "requestBody"))
    return Body(
        pointer=at, contents=_contents(root, written, at), is_required=_flag(written, "required")
    )


# --- what an answer holds -------------------------------------------------------------------------


def _response(root: Json, status: str, written: Keyed, at: Pointer) -> Response:
    headers, headers_at = at_key(root, written.get("headers"), (*at, "headers"))
    return Response(
        status=status.upper() if status != "default" else status,
        description=text(written.get("description")),
        contents=_contents(root, written, at),
        headers=tuple(_header(root, n, headers[n], (*headers_at, n)) for n in sorted(headers)),
    )


def _header(root: Json, name: str, value: Json, value_at: Pointer) -> Header:
    written, at = at_key(root, value, value_at)
    return Header(
        name=name,
        pointer=at,
        is_required=_flag(written, "required"),
        is_deprecated=_flag(written, "deprecated"),
        schema=_schema(written, at),
    )


# --- in both --------------------------------------------------------------------------------------


def _contents(root: Json, around: Keyed, around_at: Pointer) -> tuple[Content, ...]:
    contents, at = at_key(root, around.get("content"), (*around_at, "content"))
    return tuple(_content(root, name, contents[name], (*at, name)) for name in contents)


def _content(root: Json, media_type: str, value: Json, value_at: Pointer) -> Content:
    written, at = at_key(root, value, value_at)
    examples, _ = at_key(root, written.get("examples"), (*at, "examples"))
    return Content(
        media_type=media_type,
        pointer=at,
        schema=_schema(written, at),
        examples=tuple(examples),
    )


def _schema(around: Keyed, at: Pointer) -> Pointer | None:
    return (*at, "schema") if around.get("schema") is not None else None


def _requirements(value: Json, schemes: frozenset[str]) -> tuple[Requirement, ...] | None:
    """The alternatives. One that names an unknown scheme opens nothing that others close."""
    if not isinstance(value, list):
        return None
    written = tuple(
        Requirement(
            schemes=tuple(SchemeUse(scheme=s, scopes=_texts(item[s])) for s in sorted(item))
        )
        for item in value
        if isinstance(item, dict)
    )
    known = tuple(r for r in written if all(use.scheme in schemes for use in r.schemes))
    return known or written


def _flag(around: Keyed, key: str, *, default: bool = False) -> bool:
    """True or false, also where it was written as a text."""
    value = around.get(key)
    if isinstance(value, bool):
        return value
    return value == "true" if value in ("true", "false") else default


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(map(text, value)) if isinstance(value, list) else ()
