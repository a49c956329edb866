"""An operation whose meaning cannot be told is left out and named; the others are served."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract import Contract, read_contract
from tests.contract.builders import PATH, a_document, an_operation

BROKEN = {"$ref": "#/components/nothing"}


def read(**document: Any) -> tuple[Contract, list[str]]:
    contract, diagnostics = read_contract(a_document(**document), PATH)
    assert contract is not None
    return contract, [f"{d.severity.value} {d.message}" for d in diagnostics]


def left_out(**document: Any) -> list[str]:
    contract, _ = read(**document)
    return [str(o) for o in contract.left_out]


def answering(**content: Any) -> dict[str, Any]:
    return {"responses": {"200": {"content": {"application/json": content}}}}


@pytest.mark.parametrize(
    "operation",
    [
        {"parameters": [BROKEN]},
        {"parameters": BROKEN},
        {"parameters": [{"name": "q", "in": "query", "schema": BROKEN}]},
        {"parameters": [{"in": "query"}]},
        {"parameters": [{"name": "q"}]},
        {"parameters": [{"name": "q", "in": "body"}]},
        {"requestBody": BROKEN},
        {"requestBody": {"content": BROKEN}},
        {"responses": {"200": BROKEN}},
        {"responses": {"200": {"headers": {"X-A": BROKEN}}}},
        answering(schema=BROKEN),
        answering(schema={"allOf": [{"properties": {"a": {"items": BROKEN}}}]}),
        answering(schema={"additionalProperties": BROKEN}),
        answering(schema={"properties": [{"type": "string"}]}),
        answering(schema={"type": "text"}),
        answering(schema={"required": "name"}),
        answering(schema=["string"]),
        {"security": [{"key": "read"}]},
        {"security": {"key": []}},
        BROKEN,
    ],
    ids=str,
)
def test_leaves_out(operation: dict[str, Any]) -> None:
    contract, _ = read(paths={"/a": {"get": operation, "put": an_operation()}})
    assert [str(o) for o in contract.left_out] == ["GET /a"]
    assert [str(o) for o in contract.operations] == ["PUT /a"]


@pytest.mark.parametrize(
    "operation",
    [
        {"tags": "one", "deprecated": "yes", "externalDocs": []},
        {"description": 5, "callbacks": {"x": BROKEN}},
        {"callbacks": {"x": {"{$url}": {"post": {"requestBody": BROKEN}}}}},
        {"responses": {"200": {"links": {"next": BROKEN}}}},
        {"responses": {"fine": {"description": ""}}},
        {"responses": {"x-note": 5}},
        answering(examples={"a": BROKEN}),
        answering(example=BROKEN),
        answering(schema={"example": BROKEN, "default": BROKEN, "x-of": BROKEN}),
        answering(schema={"required": True, "minimum": "1", "exclusiveMinimum": True}),
        answering(schema={"properties": {"$ref": {"type": "string"}}}),
        answering(schema={"type": ["string", "null"]}),
        answering(schema=True),
        {"parameters": [{"name": 5, "in": "query", "required": "true"}]},
        {"unheard": BROKEN},
    ],
    ids=str,
)
def test_serves_in_spite_of(operation: dict[str, Any]) -> None:
    contract, said = read(paths={"/a": {"get": operation}})
    assert [str(o) for o in contract.operations] == ["GET /a"]
    assert contract.left_out == ()
    assert [s for s in said if not s.startswith("warning")] == []


def test_says_why_and_where() -> None:
    contract, said = read(paths={"/a": {"get": answering(schema=BROKEN)}})
    (left,) = contract.left_out
    reason = "`#/components/nothing` refers to something that is not in this document"
    assert (left.method, left.template, left.reason) == ("GET", "/a", reason)
    assert str(left.span) == f"{PATH}:1:164"
    assert said == [f"error {reason}; `GET /a` is left out"]


def test_leaves_out_everything_that_needs_what_is_broken() -> None:
    schemas = {
        "A": {"properties": {"b": {"$ref": "#/components/schemas/B"}}},
        "B": {"properties": {"a": {"$ref": "#/components/schemas/A"}, "c": BROKEN}},
        "C": {"properties": {"c": {"$ref": "#/components/schemas/C"}}},
    }
    paths = {
        f"/{n}": {"get": answering(schema={"$ref": f"#/components/schemas/{name}"})}
        for n, name in enumerate("AABBBC")
    }
    contract, said = read(paths=paths, components={"schemas": schemas})
    assert [str(o) for o in contract.operations] == ["GET /5"]
    assert said == [
        "error `#/components/nothing` refers to something that is not in this document;"
        " `GET /0`, `GET /1`, `GET /2`, `GET /3` and another are left out"
    ]


def test_tells_a_mistake_once_that_is_made_at_many_places() -> None:
    paths = {f"/{n}": {"get": answering(schema=BROKEN)} for n in range(3)}
    _, said = read(paths=paths)
    assert said == [
        "error `#/components/nothing` refers to something that is not in this document"
        " (and so at 2 other places); `GET /0`, `GET /1` and `GET /2` are left out"
    ]


def test_says_nothing_of_what_no_operation_needs() -> None:
    contract, said = read(components={"schemas": {"A": BROKEN, "B": {"type": "nonsense"}}})
    assert said == []
    assert contract.left_out == ()


def test_leaves_out_every_operation_of_a_path_that_cannot_be() -> None:
    assert left_out(paths={"a": {"get": {}, "put": {}}, "/b": {"get": {}}}) == ["GET a", "PUT a"]
    assert left_out(paths={"/a": {"parameters": [BROKEN], "get": {}}}) == ["GET /a"]


def test_names_a_path_of_which_nothing_can_be_told() -> None:
    assert left_out(paths={"/a": ["get"], "/b": BROKEN, "/c": {"get": {}}}) == ["* /a", "* /b"]


def test_a_demand_of_the_whole_document_is_missed_where_nothing_else_is_said() -> None:
    paths = {"/a": {"get": {}, "put": {"security": []}}}
    assert left_out(paths=paths, security=["key"]) == ["GET /a"]


def test_what_stands_beside_a_reference_counts_as_its_version_says() -> None:
    schema = {"$ref": "#/components/schemas/A", "properties": {"b": BROKEN}}
    document: dict[str, Any] = {
        "paths": {"/a": {"get": answering(schema=schema)}},
        "components": {"schemas": {"A": {}}},
    }
    assert left_out(**document) == ["GET /a"]
    assert left_out(**document, openapi="3.0.3") == []


def test_a_schema_of_many_levels_is_no_matter() -> None:
    schema: dict[str, Any] = {}
    for _ in range(90):
        schema = {"properties": {"a": schema}}
    contract, said = read(paths={"/a": {"get": answering(schema=schema)}})
    assert said == []
    assert len(contract.operations) == 1


def test_what_each_schema_refers_to_is_looked_at_once() -> None:
    """Two hundred schemas, each of which contains each other: 40,000 references."""
    names = [f"S{n}" for n in range(200)]
    everything = {n: {"$ref": f"#/components/schemas/{n}"} for n in names}
    schemas = {n: {"properties": everything} for n in names}
    paths = {f"/{n}": {"get": answering(schema=everything[n])} for n in names}
    contract, said = read(paths=paths, components={"schemas": schemas})
    assert said == []
    assert len(contract.operations) == 200


@pytest.mark.parametrize(
    ("operation", "way_out"),
    [
        (answering(schema={"type": "int"}), "write `type: integer`"),
        (answering(schema={"type": "Boolean"}), "did you mean `boolean`?"),
        (answering(schema={"type": "strng"}), "did you mean `string`?"),
        (answering(schema={"type": "Bool"}), "write `type: boolean`"),
        (answering(schema={"type": "thing"}), None),
        ({"parameters": [{"name": "a", "in": "body"}]}, "describe a body below `requestBody`"),
        ({"parameters": [{"name": "a", "in": "somewhere"}]}, None),
        ({"requestBody": {"$ref": "https://acme.example/a"}}, "save that document in the estate"),
        ({"requestBody": {"$ref": "a.yaml"}}, "write `apis/shop/a.yaml`"),
        ({"requestBody": {"$ref": "a.txt"}}, "refer to a file whose name ends in .yaml"),
        ({"requestBody": {"$ref": "#/nothing"}}, None),
    ],
    ids=str,
)
def test_says_the_way_out(operation: dict[str, Any], way_out: str | None) -> None:
    _, (diagnostic,) = read_contract(a_document(paths={"/a": {"post": operation}}), PATH)
    assert (diagnostic.help or "").startswith(way_out or "")
    assert (diagnostic.help is None) == (way_out is None)
