"""OpenAPI documents and contracts with sane defaults."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from forecourt.contract import Contract, Operation, read_contract
from forecourt.contract.examples import Example, choose_example
from forecourt.contract.values import decode
from forecourt.diagnostics import Diagnostic, has_errors

PATH = "apis/shop/v1.openapi.yaml"


def a_document(
    *,
    paths: Mapping[str, Any] | None = None,
    components: Mapping[str, Any] | None = None,
    **others: Any,
) -> str:
    """A document as JSON; without `paths` it has one operation."""
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "Shop", "version": "1"},
            "paths": {"/things": {"get": an_operation()}} if paths is None else paths,
            **({} if components is None else {"components": components}),
            **others,
        }
    )


def an_operation(**others: Any) -> dict[str, Any]:
    return {"responses": {"200": a_response({"ok": True})}, **others}


def a_response(example: Any, media_type: str = "application/json") -> dict[str, Any]:
    return {"description": "", "content": {media_type: {"example": example}}}


def a_contract(text: str | None = None, **document: Any) -> Contract:
    """A contract that reads without an error."""
    contract, diagnostics = read_contract(a_document(**document) if text is None else text, PATH)
    assert not has_errors(diagnostics), diagnostics
    assert contract is not None
    return contract


def complaints(text: str) -> list[str]:
    """What is said about a document: place, code and name; the path is left out."""
    return [f"{d.span.line}:{d.span.column} {d.code} {d.name}" for d in diagnostics_of(text)]


def diagnostics_of(text: str) -> tuple[Diagnostic, ...]:
    return read_contract(text, PATH)[1]


def the_example(contract: Contract, operation: Operation | None = None, **wanted: Any) -> Example:
    """What an operation, or the only one, answers."""
    if operation is None:
        (operation,) = contract.operations
    example = choose_example(
        decode(contract.document), operation, openapi=contract.openapi, **wanted
    )
    assert isinstance(example, Example)
    return example
