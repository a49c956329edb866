from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.contract.samples import MOST_VALUES, sample
from forecourt.contract.values import encode

REF = {"$ref": "#/Thing"}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"example": 1, "examples": [2], "default": 3, "enum": [5]}, 1),
        ({"examples": [2], "default": 3, "enum": [5]}, 2),
        ({"default": 3, "const": 4, "enum": [5]}, 3),
        ({"const": 4, "enum": [5]}, 4),
        ({"enum": [None, 5]}, 5),
        ({"example": False}, False),
        ({"default": ""}, ""),
        ({"type": "string"}, "string"),
        ({"type": "string", "format": "date"}, "2030-01-01"),
        ({"type": "string", "format": "of our own"}, "string"),
        ({"type": "integer"}, 0),
        ({"type": "integer", "minimum": 3}, 3),
        ({"type": "number", "minimum": Decimal("0.5")}, Decimal("0.5")),
        ({"type": "number", "minimum": True}, 0),
        ({"type": "boolean"}, False),
        ({"type": "null"}, None),
        ({"type": ["null", "string"]}, "string"),
        ({"type": "array", "items": {"type": "integer"}}, [0]),
        ({"type": "array"}, []),
        ({"items": {"type": "integer"}}, [0]),
        ({"type": "object"}, {}),
        ({"properties": {"a": {"example": 1}, "b": {"type": "string"}}}, {"a": 1, "b": "string"}),
        ({"type": "object", "properties": {"secret": {"writeOnly": True}}}, {}),
        (
            {"allOf": [{"properties": {"a": {"example": 1}}}, {"properties": {"b": {"const": 2}}}]},
            {"a": 1, "b": 2},
        ),
        ({"allOf": [{"type": "string"}]}, "string"),
        ({"oneOf": [{"type": "null"}, {"const": 1}, {"const": 2}]}, 1),
        (
            {"anyOf": [{"properties": {"a": {"const": 1}}}], "properties": {"b": {"const": 2}}},
            {"a": 1, "b": 2},
        ),
        (REF, {"name": "n"}),
        ({**REF, "example": "beside"}, "beside"),
        ({"$ref": "#/Nothing"}, None),
        ({"$ref": "#/Circle"}, None),
        (True, None),
        ({}, None),
        (None, None),
        (["odd"], None),
        ({"type": 5, "enum": "odd", "allOf": "odd", "oneOf": {}, "properties": []}, {}),
    ],
    ids=str,
)
def test_shows_a_schema_by(schema: Any, expected: object) -> None:
    thing = {"properties": {"name": {"example": "n"}}}
    value = sample({"Thing": thing, "Circle": {"$ref": "#/Circle"}}, schema)
    assert value == expected
    assert type(value) is type(expected)


def test_leaves_out_a_property_that_repeats_what_is_around_it() -> None:
    node = {"properties": {"id": {"const": 1}, "parent": {"$ref": "#/Node"}}}
    listed = {"properties": {"children": {"items": {"$ref": "#/Node"}}}}
    document: Any = {"Node": {"allOf": [node, listed]}}
    assert sample(document, {"$ref": "#/Node"}) == {"id": 1, "children": []}


def test_is_bounded_in_depth() -> None:
    schema: Any = {"type": "object", "properties": {"last": {"type": "string"}}}
    for _ in range(50):
        schema = {"type": "object", "properties": {"next": schema}}
    value: Any = sample({}, schema)
    levels = 0
    while value:
        value, levels = value["next"], levels + 1
    assert levels == 6


def test_is_bounded_in_size() -> None:
    """Ten schemas, each with ten properties of the next: a billion values, if nobody counted."""
    document: Any = {
        f"S{n}": {"properties": {f"p{i}": {"$ref": f"#/S{n + 1}"} for i in range(10)}}
        for n in range(9)
    }
    document["S9"] = {"type": "string"}
    assert len(encode(sample(document, {"$ref": "#/S0"}))) < 100 * MOST_VALUES


WORDS = st.sampled_from(
    ["type", "properties", "items", "allOf", "oneOf", "enum", "example", "examples", "$ref", "a"]
)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["object", "array", "#/a", "#/items"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=25,
)


@given(ANYTHING)
def test_no_schema_is_too_odd(document: Any) -> None:
    encode(sample(document, document))
