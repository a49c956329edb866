from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract.example_faults import MOST_TOLD
from tests.contract.builders import a_document, diagnostics_of

INTEGER = {"type": "integer"}


def told(
    content: Any,
    *,
    code: str = "FC130",
    openapi: str = "3.1.0",
    request: Any = None,
    **document: Any,
) -> list[str]:
    operation: Any = {"responses": {"200": {"description": "", "content": content}}}
    if request is not None:
        operation["requestBody"] = {"content": request}
    text = a_document(paths={"/a": {"post": operation}}, openapi=openapi, **document)
    return [d.message for d in diagnostics_of(text) if d.code == code]


def as_json(**content: Any) -> dict[str, Any]:
    return {"application/json": content}


def test_tells_of_an_example_that_breaks_its_schema() -> None:
    assert told(as_json(schema=INTEGER, example="x")) == [
        "the example breaks its schema: the value is not of type `integer`"
    ]


def test_tells_of_each_named_example() -> None:
    examples = {"a": {"value": 1}, "b": {"value": "x"}, "c": {"$ref": "#/components/examples/C"}}
    components = {"examples": {"C": {"value": None}}}
    assert told(as_json(schema=INTEGER, examples=examples), components=components) == [
        "the example `b` breaks its schema: the value is not of type `integer`",
        "the example `c` breaks its schema: the value is not of type `integer`",
    ]


@pytest.mark.parametrize("to", ["C", "C/value"])
def test_judges_what_an_example_that_is_a_reference_stands_for(to: str) -> None:
    value = {"$ref": f"#/components/examples/{to}"}
    contents = {
        "application/json": {"schema": INTEGER, "example": value},
        "application/vnd.a+json": {"schema": INTEGER, "examples": {"a": {"value": value}}},
    }
    document = {"components": {"examples": {"C": {"value": "x"}}}}
    assert told(contents, **document) == [
        "the example `a` breaks its schema: the value is not of type `integer`",
        "the example breaks its schema: the value is not of type `integer`",
    ]
    assert told(contents, code="FC115", **document) == [
        "a `$ref` stands for the value of an example, where OpenAPI provides for none;"
        " it is followed (and so at 1 other place)"
    ]


@pytest.mark.parametrize(
    "content",
    [
        as_json(schema=INTEGER, example=1),
        as_json(example="no schema"),
        as_json(schema=INTEGER, examples={"far": {"externalValue": "https://acme.example/x"}}),
        as_json(schema={"type": "string", "format": "date"}, example="the day before"),
        as_json(schema={"type": "string", "pattern": "("}, example=""),
        {"text/csv": {"schema": INTEGER, "example": "a,b"}},
    ],
    ids=str,
)
def test_has_nothing_to_say_of(content: Any) -> None:
    assert told(content) == []


@pytest.mark.parametrize(("openapi", "count"), [("3.0.3", 0), ("3.1.0", 1)])
def test_reads_a_schema_as_its_version_does(openapi: str, count: int) -> None:
    content = as_json(schema={"type": "integer", "nullable": True}, examples={"a": {"value": None}})
    assert len(told(content, openapi=openapi)) == count


def test_asks_of_a_request_and_a_response_what_each_side_writes() -> None:
    schema = {"required": ["id"], "properties": {"id": {"readOnly": True}}, "type": "object"}
    body = as_json(schema=schema, example={})
    assert told({}, request=body) == []
    assert told(body) == ["the example breaks its schema: `id` is a required property"]


def test_counts_what_are_too_many_to_tell() -> None:
    examples = {f"e{n}": {"value": "x"} for n in range(MOST_TOLD + 30)}
    messages = told(as_json(schema=INTEGER, examples=examples))
    assert len(messages) == MOST_TOLD + 1
    assert messages[-1].endswith("(and so at 29 other places)")


def test_ends_in_time_where_every_schema_leads_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forecourt.contract.example_faults.MOST_SCHEMAS", 50)
    schemas = {"Big": {"properties": {f"p{n}": {"type": "string"} for n in range(30)}}}
    content = {
        f"application/v{n}+json": {
            "schema": {"$ref": "#/components/schemas/Big"},
            "example": {"p1": 1},
        }
        for n in range(10)
    }
    assert len(told(content, components={"schemas": schemas})) == 2
