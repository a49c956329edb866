"""Which OpenAPI a document is, if it is one that can be served."""

from __future__ import annotations

import re

from forecourt.contract import codes
from forecourt.contract.remarks import quoted
from forecourt.contract.shapes import SHAPES
from forecourt.contract.trouble import Trouble
from forecourt.contract.values import Json, child
from forecourt.source.codes import Code
from forecourt.source.quoting import shown
from forecourt.source.vocabulary.spelling import nearest

_SUPPORTED = re.compile(r"3\.[01](?:\.|$)")


def openapi_version(root: Json) -> tuple[str | None, Trouble | None]:
    """The version as it was written, or why there is nothing to serve."""
    if not isinstance(root, dict):
        return _refused(codes.NOT_OPENAPI, "this is no OpenAPI document: it is no mapping")
    written = root.get("openapi")
    version = "" if written is None or isinstance(written, dict | list) else str(written)
    if not _SUPPORTED.match(version):
        return _unsupported(root, version)
    if child(root, "paths") is None:
        return None, _without_paths(root)
    return version, None


def _without_paths(root: dict[str, Json]) -> Trouble:
    message = "there is no `paths`"
    for key in root:
        if key not in SHAPES["document"] and nearest(key, ("paths",)) is not None:
            at, help = (key,), f"{shown(key)} means nothing; did you mean `paths`?"
            return Trouble(code=codes.NO_PATHS, at=at, message=message, help=help)
    help = "a contract describes what can be called; webhooks alone cannot"
    return Trouble(code=codes.NO_PATHS, at=(), message=message, help=help)


def _unsupported(root: dict[str, Json], version: str) -> tuple[None, Trouble]:
    if "swagger" in root:
        return None, Trouble(
            code=codes.OPENAPI_2,
            at=("swagger",),
            message="this is OpenAPI 2 (Swagger), which is not read",
            help="convert it to OpenAPI 3.0 or 3.1",
        )
    if "openapi" not in root:
        message = "this is no OpenAPI document: there is no `openapi`"
        return _refused(codes.NOT_OPENAPI, message, 'begin it with `openapi: "3.1.0"`')
    written = root["openapi"]
    what = shown(version) if version else quoted(written)
    message = f"`openapi` is {what}, which is not one of 3.0.x, 3.1.x"
    return None, Trouble(code=codes.OPENAPI_VERSION, at=("openapi",), message=message, on="value")


def _refused(code: Code, message: str, help: str | None = None) -> tuple[None, Trouble]:
    return None, Trouble(code=code, at=(), message=message, help=help)
