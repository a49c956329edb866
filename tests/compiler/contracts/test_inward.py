"""What the edge is told of one operation's way in: values for Lua, and the schemas it names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from forecourt.compiler.bundle.layout import Kind
from forecourt.compiler.contracts.inward import inward
from forecourt.compiler.contracts.serialized import serialize
from forecourt.compiler.contracts.side import Side
from forecourt.contract import read_contract
from forecourt.contract.values import decode, descend
from tests.documents import beside

INTEGER = {"type": "integer"}


def side_of(
    *parameters: Mapping[str, Any],
    path: str = "/things",
    body: Mapping[str, Any] | None = None,
    **document: Any,
) -> Side:
    operation: dict[str, Any] = {
        "parameters": parameters,
        "responses": {"200": {"description": "fine"}},
        **({} if body is None else {"requestBody": body}),
    }
    text = json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "Things", "version": "1"},
            "paths": {path: {"post": operation}},
            **document,
        }
    )
    contract, diagnostics = read_contract(text, "things.json")
    assert contract is not None, diagnostics
    return inward(contract.operations[0], 7, decode(contract.document))


def a_parameter(name: str, where: str = "query", **others: Any) -> dict[str, Any]:
    return {"name": name, "in": where, "required": where == "path", "schema": INTEGER, **others}


def test_an_operation_without_anything_is_told_nothing() -> None:
    assert side_of() == Side(table={}, roots={})


def test_names_its_schemas_by_operation_place_and_name() -> None:
    side = side_of(
        a_parameter("limit"),
        a_parameter("X-Mode", "header"),
        a_parameter("id", "path"),
        path="/things/{id}",
        body={"content": {"application/json": {"schema": INTEGER}}},
    )
    at = ("paths", "/things/{id}", "post")
    assert side.roots == {
        "7.header.X-Mode": (*at, "parameters", "1", "schema"),
        "7.path.id": (*at, "parameters", "2", "schema"),
        "7.query.limit": (*at, "parameters", "0", "schema"),
        "7.body.1": (*at, "requestBody", "content", "application/json", "schema"),
    }


def test_the_fields_of_a_path_are_in_the_order_of_its_template() -> None:
    side = side_of(a_parameter("a", "path"), a_parameter("b", "path"), path="/{b}/x/{a}")
    assert [field["name"] for field in side.table["path"]] == ["b", "a"]  # type: ignore[index, union-attr]


def test_a_single_value_is_plain() -> None:
    side = side_of(a_parameter("limit", required=True))
    assert side.table == {
        "query": [
            {
                "name": "limit",
                "required": True,
                "root": "7.query.limit",
                "plain": True,
                "value": int(Kind.INTEGER),
            }
        ],
        "names": {"limit": 1},
    }


@pytest.mark.parametrize(
    ("where", "style", "read_as"),
    [
        ("query", "form", "form"),
        ("query", "simple", "form"),
        ("query", "nonsense", "form"),
        ("query", "pipeDelimited", "pipeDelimited"),
        ("path", "label", "label"),
        ("path", "form", "simple"),
        ("header", "label", "simple"),
    ],
)
def test_a_style_that_cannot_stand_there_is_the_default(
    where: str, style: str, read_as: str
) -> None:
    parameter = a_parameter("p", where, style=style, schema={"type": "array"})
    side = side_of(parameter, path="/things/{p}" if where == "path" else "/things")
    (field,) = side.table[where]  # type: ignore[misc, union-attr]
    assert field["style"] == read_as  # type: ignore[index, call-overload]


def test_what_stands_in_objects_and_lists_is_read_by_its_own_schema() -> None:
    schema = {
        "type": "object",
        "properties": {"ids": {"type": "array", "items": INTEGER}},
        "additionalProperties": {"type": "string"},
    }
    table = side_of(a_parameter("p", style="deepObject", schema=schema)).table
    assert table["readings"] == [
        {"kinds": int(Kind.OBJECT), "properties": {"ids": -2}, "rest": int(Kind.STRING)},
        {"kinds": int(Kind.ARRAY), "items": int(Kind.INTEGER)},
    ]


def test_a_schema_that_is_part_of_itself_is_read_once() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}}
    table = side_of(
        a_parameter("p", style="deepObject", schema={"$ref": "#/components/schemas/Node"}),
        components={"schemas": {"Node": node}},
    ).table
    assert len(table["readings"]) < 40  # type: ignore[arg-type]
    serialize(table)


@pytest.mark.parametrize(
    ("schema", "kinds"),
    [
        ({}, Kind.ANY),
        ({"type": "number"}, Kind.INTEGER | Kind.FRACTION),
        ({"type": ["string", "null"]}, Kind.STRING | Kind.NULL),
        ({"enum": [1, "a"]}, Kind.INTEGER | Kind.STRING),
        ({"const": True}, Kind.BOOLEAN),
        ({"anyOf": [INTEGER, {"type": "string"}]}, Kind.INTEGER | Kind.STRING),
        ({"allOf": [{"type": ["string", "integer"]}, {"maxLength": 3}, INTEGER]}, Kind.INTEGER),
        ({"type": "string", "oneOf": [INTEGER, {"minLength": 1}]}, Kind.STRING),
        ({"$ref": "#/components/schemas/Text"}, Kind.STRING),
        ({"$ref": "#/components/schemas/Circle"}, Kind.ANY),
    ],
)
def test_knows_what_a_schema_may_admit(schema: Any, kinds: Kind) -> None:
    schemas = {
        "Text": {"type": "string"},
        "Circle": {"allOf": [{"$ref": "#/components/schemas/Circle"}]},
    }
    side = side_of(a_parameter("p", schema=schema), components={"schemas": schemas})
    (field,) = side.table["query"]  # type: ignore[misc, union-attr]
    assert field["value"] == int(kinds)  # type: ignore[index, call-overload]


def test_nullable_counts_in_openapi_3_0_only() -> None:
    schema = {"type": "integer", "nullable": True}
    for version, kinds in [("3.0.3", Kind.INTEGER | Kind.NULL), ("3.1.0", Kind.INTEGER)]:
        side = side_of(a_parameter("p", schema=schema), openapi=version)
        (field,) = side.table["query"]  # type: ignore[misc, union-attr]
        assert field["value"] == int(kinds)  # type: ignore[index, call-overload]


def test_the_media_types_of_a_body_are_told_from_the_narrowest() -> None:
    types = ["*/*", "Application/JSON; charset=utf-8", "text/*", "application/json; v=1"]
    side = side_of(body={"content": {t: {"schema": INTEGER} for t in types}})
    contents: Any = side.table["body"]
    assert [(c["type"], c.get("parameters"), c["kind"]) for c in contents["contents"]] == [
        ("application/json", {"v": "1"}, "json"),
        ("application/json", None, "json"),
        ("text/*", None, "range"),
        ("*/*", None, "range"),
    ]
    assert set(side.roots) == {"7.body.1", "7.body.2", "7.body.3", "7.body.4"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "document",
    ["stripe/spec3-2022-11-15.yaml", "github/api.github.com.json", "museum/openapi.yaml"],
)
def test_every_operation_of_a_real_document_can_be_told(document: str) -> None:
    contract, _ = read_contract(beside(document).read_text(), "openapi.yaml")
    assert contract is not None
    whole = decode(contract.document)
    for number, operation in enumerate(contract.operations, 1):
        side = inward(operation, number, whole)
        assert len(serialize(side.table)) < 60_000, str(operation)
        for name, at in side.roots.items():
            assert name.startswith(f"{number}.")
            assert descend(whole, at) is not None, name
