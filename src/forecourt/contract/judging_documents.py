"""What is wrong with a document as a whole: what it says of itself, its servers, its schemes.

Sources: https://spec.openapis.org/oas/v3.0.4 and https://spec.openapis.org/oas/v3.1.1, sections 4.7
and 4.8: which fields are required. Nothing of it keeps an operation from being served.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from forecourt.contract import codes
from forecourt.contract.building import at_key
from forecourt.contract.judging import judged
from forecourt.contract.references import reference_of
from forecourt.contract.remarks import not_as_specified, quoted, remark
from forecourt.contract.shapes import Kind
from forecourt.contract.trouble import Trouble
from forecourt.contract.values import Json, Pointer, child, descend
from forecourt.contract.ways import way_to
from forecourt.diagnostics import Severity
from forecourt.source.quoting import shown

# What each kind of scheme must say, besides.
_SCHEMES = MappingProxyType(
    {
        "apiKey": ("name", "in"),
        "http": ("scheme",),
        "oauth2": ("flows",),
        "openIdConnect": ("openIdConnectUrl",),
        "mutualTLS": (),
    }
)
_KEYS_STAND_IN = ("query", "header", "cookie")


def document_troubles(root: Json, *, is_3_0: bool) -> Iterator[Trouble]:
    """Remarks about a document apart from its paths."""
    if isinstance(root, dict):
        for trouble in _fields("document", root, (), is_3_0=is_3_0):
            yield replace(trouble, alike="")  # none is made twice
        yield from _info(root, is_3_0=is_3_0)
        yield from _servers(root, is_3_0=is_3_0)
        yield from _components(root, is_3_0=is_3_0)


def _fields(kind: Kind, value: dict[str, Json], at: Pointer, *, is_3_0: bool) -> Iterator[Trouble]:
    """Its unknown fields, and those that hold something else; none of it costs anything."""
    for trouble in judged(kind, value, way_to(at), is_3_0=is_3_0):
        is_error = trouble.code.severity is Severity.ERROR
        yield replace(trouble, code=codes.NOT_AS_SPECIFIED) if is_error else trouble


def _info(root: dict[str, Json], *, is_3_0: bool) -> Iterator[Trouble]:
    info = root.get("info")
    if not isinstance(info, dict):
        what = "has no `info`" if info is None else f"has {quoted(info)} as its `info`"
        message = f"the document {what}, with the `title` and `version` of the API"
        yield remark(codes.NOT_AS_SPECIFIED, ("info",) if "info" in root else (), message)
        return
    for key in ("title", "version"):
        if info.get(key) is None:
            message = f"`info` has no `{key}`"
            yield remark(codes.NOT_AS_SPECIFIED, ("info",), message)
    yield from _fields("info", info, ("info",), is_3_0=is_3_0)


def _servers(root: dict[str, Json], *, is_3_0: bool) -> Iterator[Trouble]:
    servers = root.get("servers")
    if servers is not None and not isinstance(servers, list):
        message = f"`servers` is {quoted(servers)}, where OpenAPI has a list"
        yield remark(codes.NOT_AS_SPECIFIED, ("servers",), message)
    for index, server in enumerate(servers if isinstance(servers, list) else ()):
        at = ("servers", str(index))
        if not isinstance(server, dict) or server.get("url") is None:
            yield not_as_specified(at, "a server has no `url`, so it is passed over")
            continue
        yield from _fields("server", server, at, is_3_0=is_3_0)
        variables = server.get("variables")
        for name, variable in variables.items() if isinstance(variables, dict) else ():
            place = (*at, "variables", name)
            if child(variable, "default") is None:
                yield not_as_specified(place, "a server variable has no `default`; it is empty")
            elif isinstance(variable, dict):
                yield from _fields("server variable", variable, place, is_3_0=is_3_0)


def _components(root: dict[str, Json], *, is_3_0: bool) -> Iterator[Trouble]:
    components = root.get("components")
    if components is None:
        return
    if not isinstance(components, dict):
        message = f"`components` is {quoted(components)}, where OpenAPI has a mapping"
        yield remark(codes.NOT_AS_SPECIFIED, ("components",), message)
        return
    yield from _fields("components", components, ("components",), is_3_0=is_3_0)
    schemes = components.get("securitySchemes")
    for name in schemes if isinstance(schemes, dict) else ():
        at = ("components", "securitySchemes", name)
        value = descend(root, at)
        scheme, scheme_at = at_key(root, value, at)
        if scheme or reference_of(value) is None:
            yield from _scheme(name, scheme, scheme_at, is_3_0=is_3_0)


def _scheme(name: str, scheme: dict[str, Json], at: Pointer, *, is_3_0: bool) -> Iterator[Trouble]:
    kind = scheme.get("type")
    what = f"the security scheme {shown(name)}"
    if not isinstance(kind, str) or kind not in _SCHEMES or (is_3_0 and kind == "mutualTLS"):
        kinds = [word for word in _SCHEMES if not (is_3_0 and word == "mutualTLS")]
        message = f"the `type` of {what} is {quoted(kind)}, which is not one of {', '.join(kinds)}"
        way_out = "write `type: http` and `scheme: basic`" if kind == "basic" else None
        place = (*at, "type") if "type" in scheme else at
        yield remark(codes.NOT_AS_SPECIFIED, place, message, help=way_out)
        return
    for key in _SCHEMES[kind]:
        if scheme.get(key) is None:
            message = f"{what} is of the type `{kind}`, and has no `{key}`"
            yield remark(codes.NOT_AS_SPECIFIED, at, message)
    location = scheme.get("in")
    if kind == "apiKey" and location is not None and location not in _KEYS_STAND_IN:
        listed = ", ".join(_KEYS_STAND_IN)
        message = f"the `in` of {what} is {quoted(location)}, which is not one of {listed}"
        yield remark(codes.NOT_AS_SPECIFIED, (*at, "in"), message)
    yield from _fields("security scheme", scheme, at, is_3_0=is_3_0)
