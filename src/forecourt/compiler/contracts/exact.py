"""The schemas of a contract that the edge leaves to others, ready to be judged by them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from forecourt.compiler.bundle.formats import FORMATS
from forecourt.compiler.bundle.writing import ENDLESS, Root
from forecourt.contract.dialect import Translated, translate
from forecourt.contract.one_sided import Direction
from forecourt.contract.sight import Sight
from forecourt.contract.values import Json, Pointer, decode, encode

# Counts changes of what is written; the control plane refuses another.
FORMAT = 1


def exact_schemas(
    roots: Iterable[Root], places: Mapping[str, Pointer], *, openapi: str, sight: Sight
) -> bytes:
    """Those of the `roots` of the way in that the edge does not judge, as JSON; empty without any.

    Each is a schema of JSON Schema 2020-12 that stands alone and means what the edge would make of
    it: `readOnly` properties are not required, no format is left but those that are asserted, and
    what `sight` hides says nothing.
    What cannot be said so is absent, and then nobody judges it.
    """
    schemas: dict[str, Json] = {}
    for root in roots:
        if not root.left or ENDLESS in root.inexact:
            continue
        said = translate(
            sight.root,
            places[root.name],
            openapi=openapi,
            direction=Direction.REQUEST,
            formats=frozenset(FORMATS),
            sight=sight,
        )
        if isinstance(said, Translated):
            schemas[root.name] = said.schema
    return encode({"format": FORMAT, "roots": schemas}) if schemas else b""


def schemas_of(content: bytes) -> Mapping[str, dict[str, Json]]:
    """The schemas that were written, by name; none of another release's."""
    written = decode(content)
    if not isinstance(written, dict) or written.get("format") != FORMAT:
        return {}
    return cast("dict[str, dict[str, Json]]", written["roots"])
