"""What is said of a part of a document: code and message of each remark."""

from __future__ import annotations

from typing import Any

from forecourt.contract import read_contract
from tests.contract.builders import PATH, a_document


def said_of_document(**document: Any) -> list[str]:
    """Of a whole document, which is served."""
    contract, diagnostics = read_contract(a_document(**document), PATH)
    assert contract is not None
    return [f"{d.code} {d.message}" for d in diagnostics]


def said_of_operation(openapi: str = "3.1.0", method: str = "get", **operation: Any) -> list[str]:
    """Of one operation; it has an answer unless it says otherwise."""
    answers = {"responses": {"200": {"description": ""}}}
    return said_of_document(openapi=openapi, paths={"/a": {method: answers | operation}})


def said_of_schema(schema: dict[str, Any], openapi: str = "3.1.0", **others: Any) -> list[str]:
    """Of the schema of an answer."""
    content = {"application/json": {"schema": schema}}
    paths = {"/a": {"get": {"responses": {"200": {"description": "", "content": content}}}}}
    return said_of_document(openapi=openapi, paths=paths, **others)
