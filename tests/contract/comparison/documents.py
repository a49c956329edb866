"""Pairs of small documents, and what comes of comparing them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from forecourt.contract import Contract, read_contract
from forecourt.contract.comparison import Change, Comparison, compare
from forecourt.estate.audience import Audience
from forecourt.estate.posture import POSTURES

TODAY = date(2026, 1, 15)
PATH = "apis/shop/v1.openapi.json"


def document(**parts: Any) -> dict[str, Any]:
    """A document; without `paths` it has one operation that says nothing."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "paths": {"/things": {"post": operation()}},
        **parts,
    }


def operation(**parts: Any) -> dict[str, Any]:
    return {"responses": {"200": {"description": ""}}, **parts}


def posting(**parts: Any) -> dict[str, Any]:
    """A document whose operation says these things."""
    return document(paths={"/things": {"post": operation(**parts)}})


def receiving(schema: Any, **components: Any) -> dict[str, Any]:
    """A document whose operation takes a body with a property of that schema."""
    body = {"required": True, "content": {"application/json": {"schema": _around(schema)}}}
    return document(paths={"/things": {"post": operation(requestBody=body)}}, components=components)


def answering(schema: Any, **components: Any) -> dict[str, Any]:
    """A document whose operation answers an object with a property of that schema."""
    content = {"application/json": {"schema": _around(schema)}}
    answer = {"200": {"description": "", "content": content}}
    return document(paths={"/things": {"post": {"responses": answer}}}, components=components)


def _around(schema: Any) -> dict[str, Any]:
    return {"type": "object", "required": ["it"], "properties": {"it": schema}}


def contract(written: Mapping[str, Any]) -> Contract:
    read, diagnostics = read_contract(json.dumps(written), PATH)
    assert read is not None, diagnostics
    return read


def compared(
    old: Mapping[str, Any], new: Mapping[str, Any], *, widest: Audience = Audience.PUBLIC
) -> Comparison:
    postures = {a: POSTURES[a] for a in Audience if a <= widest}
    return compare(contract(old), contract(new), today=TODAY, postures=postures)


def changes(old: Mapping[str, Any], new: Mapping[str, Any], **options: Any) -> tuple[Change, ...]:
    return compared(old, new, **options).changes


def kinds(old: Mapping[str, Any], new: Mapping[str, Any], **options: Any) -> list[str]:
    return [change.kind.id for change in changes(old, new, **options)]


def in_requests(old: Any, new: Any, **components: Any) -> list[str]:
    """The kinds of change between two schemas of a property of a request."""
    return kinds(receiving(old, **components), receiving(new, **components))


def in_answers(old: Any, new: Any, **components: Any) -> list[str]:
    """The kinds of change between two schemas of a property of an answer."""
    return kinds(answering(old, **components), answering(new, **components))
