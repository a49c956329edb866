"""Which parts of requests are left to the control plane, and where the reason stands."""

from __future__ import annotations

from typing import Any

from forecourt.compiler.contracts.elsewhere import left_to_others
from forecourt.contract import read_contract
from forecourt.contract.elsewhere import Left
from forecourt.contract.values import encode

AHEAD = {"type": "string", "pattern": "^(?!0)"}


def left(paths: dict[str, Any], **schemas: Any) -> list[Left]:
    document: Any = {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }
    contract, _ = read_contract(encode(document).decode(), "shop.json")
    assert contract is not None
    return list(left_to_others(contract))


def taking(schema: Any) -> dict[str, Any]:
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}, "responses": {}}


def test_a_body_is_named_with_the_place_of_the_keyword() -> None:
    found = left({"/a": {"post": taking({"$ref": "#/components/schemas/S"})}}, S=AHEAD)
    assert found == [
        Left(
            method="POST",
            template="/a",
            part="body application/json",
            at=("components", "schemas", "S", "pattern"),
            reason="pattern: it looks ahead",
        )
    ]


def test_so_are_parameters_in_the_order_of_the_contract() -> None:
    parameters = [{"name": n, "in": "query", "schema": AHEAD} for n in ("b", "a")]
    found = left({"/b": {"get": {"parameters": parameters}}, "/a": {"put": taking(AHEAD)}})
    assert [(e.template, e.part) for e in found] == [
        ("/a", "body application/json"),
        ("/b", "query.a"),
        ("/b", "query.b"),
    ]


def test_what_only_answers_hold_is_judged_by_nobody_and_not_named() -> None:
    content = {"application/json": {"schema": AHEAD}}
    answer = {"200": {"description": "fine", "content": content}}
    assert left({"/a": {"get": {"responses": answer}}}) == []


def test_a_schema_that_asks_itself_is_judged_by_nobody() -> None:
    itself = {"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/S"}]}
    (found,) = left({"/a": {"post": taking({"$ref": "#/components/schemas/S"})}}, S=itself)
    assert not found.is_judged
