from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from forecourt.contract.one_sided import Direction
from forecourt.contract.sampling import NoSample, Sampled, sample
from forecourt.contract.sampling.building import MOST_LEVELS, MOST_VALUES
from forecourt.contract.values import Json, encode

REF = {"$ref": "#/Thing"}
DOCUMENT: Any = {"Thing": {"properties": {"name": {"example": "n"}}}}


def sampled(schema: Any, *, openapi: str = "3.1.0", seed: str | None = None, **others: Any) -> Json:
    document = {**DOCUMENT, "schema": schema, **others}
    made = sample(document, ("schema",), openapi=openapi, seed=seed)
    assert isinstance(made, Sampled), made
    return made.value


def refused(schema: Any, *, openapi: str = "3.1.0", **others: Any) -> NoSample:
    made = sample({**DOCUMENT, "schema": schema, **others}, ("schema",), openapi=openapi)
    assert isinstance(made, NoSample), made
    return made


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"example": 1, "examples": [2], "default": 3}, 1),
        ({"examples": [2], "default": 3}, 2),
        ({"default": 3}, 3),
        ({"example": 1, "const": 4}, 4),
        ({"enum": [5, 6]}, 5),
        ({"enum": [None, 5]}, None),
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
        ({"additionalProperties": {"type": "integer"}}, {"key": 0}),
        ({"allOf": [{"type": "string"}]}, "string"),
        ({"oneOf": [{"type": "null"}, {"const": 1}, {"const": 2}]}, 1),
        (
            {"anyOf": [{"properties": {"a": {"const": 1}}}], "properties": {"b": {"const": 2}}},
            {"b": 2, "a": 1},
        ),
        (REF, {"name": "n"}),
        ({**REF, "example": {"beside": 1}}, {"beside": 1}),
        (True, None),
        ({}, None),
        ({"type": "object", "enum": "odd", "allOf": "odd", "oneOf": {}, "properties": []}, {}),
    ],
    ids=str,
)
def test_shows_a_schema_by(schema: Any, expected: object) -> None:
    value = sampled(schema)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "minLength": 40, "maxLength": 41},
        {"type": "string", "maxLength": 2},
        {"type": "string", "pattern": "^[A-Z]{2}-\\d{4}$"},
        {"type": "string", "pattern": "^[a-z]+$", "minLength": 12, "maxLength": 12},
        {"type": "string", "pattern": "^(?=.*\\d)(?=.*[A-Z]).{8,}$"},
        {"type": "string", "format": "email", "minLength": 40},
        {"type": "string", "format": "uuid", "pattern": "^0"},
        {"type": "string", "allOf": [{"pattern": "a"}, {"pattern": "b"}, {"minLength": 4}]},
        {"type": "integer", "minimum": 7, "multipleOf": 5},
        {"type": "integer", "exclusiveMinimum": 7, "maximum": 8},
        {"type": "integer", "maximum": -3},
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        {"type": "number", "multipleOf": Decimal("0.01"), "minimum": Decimal("1.005")},
        {"type": "integer", "multipleOf": 4, "allOf": [{"multipleOf": 6}], "minimum": 1},
        {"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": True},
        {"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 2, "uniqueItems": True},
        {"type": "array", "items": REF, "minItems": 2, "uniqueItems": True},
        {"type": "array", "minItems": 2, "uniqueItems": True},
        {"type": "array", "maxItems": 0, "items": {"type": "string"}},
        {"prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False},
        {"type": "array", "items": {"type": "integer"}, "contains": {"minimum": 5}},
        {"type": "array", "contains": {"const": 1}, "minContains": 2, "maxContains": 2},
        {"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "integer"}}},
        {"type": "object", "minProperties": 3, "additionalProperties": {"type": "string"}},
        {"type": "object", "maxProperties": 1, "properties": {"a": {}, "b": {}}},
        {"type": "object", "patternProperties": {"^x-": {"type": "integer"}}, "minProperties": 2},
        {
            "type": "object",
            "propertyNames": {"pattern": "^[a-c]$"},
            "additionalProperties": {"type": "integer"},
            "minProperties": 2,
        },
        {"properties": {"a": {}}, "dependentRequired": {"a": ["b"]}, "maxProperties": 2},
        {
            "properties": {"a": {"type": "string"}},
            "dependentSchemas": {"a": {"required": ["c"], "properties": {"c": {"const": 1}}}},
        },
        {
            "properties": {"kind": {"enum": ["x", "y"]}, "size": {"type": "integer"}},
            "required": ["kind"],
            "if": {"properties": {"kind": {"const": "x"}}},
            "then": {"required": ["size"]},
            "else": {"required": ["colour"]},
        },
        {"type": "object", "properties": {"a": {}, "b": {}}, "not": {"required": ["b"]}},
        {"not": {"type": "null"}},
        {"type": "string", "not": {"const": "string"}},
        {"type": "integer", "not": {"enum": [0, 1]}},
        {
            "oneOf": [
                {"type": "object", "properties": {"a": {"type": "string"}}},
                {"type": "object", "properties": {"b": {"type": "string"}}},
            ]
        },
        {
            "oneOf": [
                {"required": ["a"], "properties": {"a": {"type": "string"}}},
                {"properties": {"a": {"type": "string"}, "b": {}}},
            ],
            "type": "object",
        },
        {
            "allOf": [
                {"properties": {"a": {"type": "string"}}, "required": ["a"]},
                {"properties": {"a": {"minLength": 9}, "b": {"type": "integer"}}},
            ],
            "unevaluatedProperties": False,
        },
        {
            "allOf": [
                {"properties": {"a": {}}, "additionalProperties": False},
                {"properties": {"b": {}}},
            ]
        },
        {"properties": {"a": False, "b": {"type": "integer"}}},
        {"example": "too long", "type": "string", "maxLength": 3},
        {
            "example": {"inner": {"size": "wrong"}},
            "properties": {"inner": {"properties": {"size": {"type": "integer"}}}},
        },
        {
            "properties": {
                "good": {"type": "string", "example": "kept"},
                "bad": {"type": "string", "pattern": "^[0-9]+$", "example": "letters"},
            }
        },
    ],
    ids=str,
)
@pytest.mark.parametrize("seed", [None, "a", "b"])
def test_makes_a_value_that_is_what_is_said(schema: Any, seed: str | None) -> None:
    value = sampled(schema, seed=seed)
    judged = Draft202012Validator({**schema, "Thing": DOCUMENT["Thing"]}, validate_formats=True)
    assert judged.is_valid(value), value


def test_keeps_an_example_beside_one_that_breaks_its_schema() -> None:
    properties = {
        "good": {"type": "string", "example": "kept"},
        "bad": {"type": "integer", "minimum": 4, "example": 1},
    }
    assert sampled({"properties": properties}) == {"good": "kept", "bad": 4}


# --- the same each time ---------------------------------------------------------------------------

PERSON = {
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "size": {"type": "integer"},
        "kind": {"enum": ["a", "b", "c"]},
    }
}


def test_a_seed_gives_the_same_again() -> None:
    assert sampled(PERSON, seed="x") == sampled(PERSON, seed="x")


def test_seeds_give_different_values() -> None:
    assert len({encode(sampled(PERSON, seed=str(n))) for n in range(20)}) == 20


# --- what only one side writes --------------------------------------------------------------------

SECRET = {
    "type": "object",
    "required": ["id", "password"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "password": {"$ref": "#/Password"},
        "name": {"type": "string"},
    },
}
PASSWORD = {"type": "string", "writeOnly": True}


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        (Direction.RESPONSE, {"id": 0, "name": "string"}),
        (Direction.REQUEST, {"password": "string", "name": "string"}),
    ],
)
@pytest.mark.parametrize("openapi", ["3.0.3", "3.1.0"])
def test_leaves_out_what_only_the_other_side_writes(
    direction: Direction, expected: object, openapi: str
) -> None:
    document: Any = {"Password": PASSWORD, "schema": SECRET}
    made = sample(document, ("schema",), openapi=openapi, direction=direction)
    assert isinstance(made, Sampled)
    assert made.value == expected


# --- without end ----------------------------------------------------------------------------------


def test_leaves_out_a_property_that_repeats_what_is_around_it() -> None:
    node = {"properties": {"id": {"const": 1}, "parent": {"$ref": "#/Node"}}}
    listed = {"properties": {"children": {"items": {"$ref": "#/Node"}}}}
    value = sampled({"$ref": "#/Node"}, Node={"allOf": [node, listed]})
    assert value == {"id": 1, "children": []}


def test_finds_the_way_out_of_a_required_cycle() -> None:
    tree = {
        "type": "object",
        "required": ["next"],
        "properties": {"next": {"oneOf": [{"$ref": "#/Tree"}, {"type": "null"}]}},
    }
    value: Any = sampled({"$ref": "#/Tree"}, Tree=tree)
    while value is not None:
        value = value["next"]


def test_says_that_a_required_cycle_has_no_end() -> None:
    tree = {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/Tree"}}}
    found = refused({"$ref": "#/Tree"}, Tree=tree)
    assert found.place == "/Tree/properties/next"
    assert found.reason == "what is required here has no end"


def test_is_bounded_in_depth() -> None:
    schema: Any = {"type": "object", "properties": {"last": {"type": "string"}}}
    for _ in range(50):
        schema = {"type": "object", "properties": {"next": schema}}
    value: Any = sampled(schema)
    levels = 0
    while value:
        value, levels = value["next"], levels + 1
    assert levels == MOST_LEVELS


def test_is_bounded_in_size() -> None:
    """Ten schemas, each with ten properties of the next: a billion values, if nobody counted."""
    document: Any = {
        f"S{n}": {"properties": {f"p{i}": {"$ref": f"#/S{n + 1}"} for i in range(10)}}
        for n in range(9)
    }
    document["S9"] = {"type": "string"}
    assert len(encode(sampled({"$ref": "#/S0"}, **document))) < 100 * MOST_VALUES


MOST_SECONDS = 20.0


@pytest.mark.slow
def test_is_bounded_in_time_where_everything_is_a_choice() -> None:
    """Each of twelve schemas has twelve alternatives that lead on, and there is no end."""
    document: Any = {
        f"S{n}": {
            "type": "object",
            "required": ["next"],
            "properties": {"next": {"oneOf": [{"$ref": f"#/S{m}"} for m in range(12)]}},
        }
        for n in range(12)
    }
    begin = time.process_time()
    refused({"$ref": "#/S0"}, **document)
    assert time.process_time() - begin < MOST_SECONDS


# --- where there is none --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "place", "reason"),
    [
        (False, "/schema", "no value was found that this schema accepts"),
        ({"type": "string", "enum": [1]}, "/schema", "none of the values to choose from"),
        ({"allOf": [{"type": "string"}, {"type": "integer"}]}, "/schema", "no value was found"),
        ({"type": "integer", "minimum": 3, "maximum": 2}, "/schema", "no integer was found"),
        ({"type": "string", "pattern": "^a$", "minLength": 2}, "/schema", "no text was found"),
        ({"type": "string", "minLength": 10**9}, "/schema", "no text was found"),
        ({"type": "array", "minItems": 10**9}, "/schema", "a list of 1000000000 items"),
        (
            {
                "type": "object",
                "required": ["a"],
                "properties": {"a": {"type": "array", "items": False, "minItems": 1}},
            },
            "/schema/properties/a/items",
            "no value was found",
        ),
        ({"type": "array", "items": {"const": 1}, "minItems": 2, "uniqueItems": True}, "", ""),
        ({"type": "object", "maxProperties": 0, "required": ["a"]}, "/schema", "so many"),
        ({"type": "object", "minProperties": 1, "additionalProperties": False}, "", "were not"),
        ({"oneOf": [{"type": "string"}, {"type": "string"}]}, "/schema", "tried none holds"),
        ({"$ref": "#/Nothing"}, "/schema/$ref", "is not in this document"),
        ({"$ref": "other.yaml#/A"}, "/schema/$ref", "is in another file"),
        ({"items": {"$dynamicRef": "#x"}}, "/schema/items/$dynamicRef", "is not followed"),
        ({"pattern": "(", "type": "string"}, "/schema", 'is not a "regex"'),
        ("odd", "/schema", "this is no schema"),
    ],
    ids=str,
)
def test_says_where_no_value_is_found(schema: Any, place: str, reason: str) -> None:
    found = refused(schema)
    assert found.place.startswith(place)
    assert reason in found.reason


# --- what a value says that it is -----------------------------------------------------------------


def pets(**discriminator: Any) -> dict[str, Any]:
    """A cat, a dog, and either of them."""

    def one(own: str) -> dict[str, Any]:
        properties = {"kind": {"type": "string"}, own: {"type": "boolean"}}
        return {"type": "object", "required": ["kind", own], "properties": properties}

    either = {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind", **discriminator},
    }
    return {"components": {"schemas": {"Cat": one("purrs"), "Dog": one("barks"), "Pet": either}}}


PET = {"$ref": "#/components/schemas/Pet"}


@pytest.mark.parametrize("openapi", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize(
    ("mapping", "names"),
    [
        (None, ("Cat", "Dog")),
        (
            {"meow": "#/components/schemas/Cat", "woof": "#/components/schemas/Dog"},
            ("meow", "woof"),
        ),
        ({"meow": "Cat", "miaow": "Cat"}, ("meow", "Dog")),
        ({"meow": "#/nothing", "x": 7}, ("Cat", "Dog")),
    ],
    ids=["by name", "by reference", "by bare name", "to nothing"],
)
def test_a_value_names_the_alternative_that_it_is(
    openapi: str, mapping: Any, names: tuple[str, str]
) -> None:
    document = pets(**({} if mapping is None else {"mapping": mapping}))
    for seed in (None, *"abcdef"):
        made = sampled(PET, openapi=openapi, seed=seed, **document)
        assert isinstance(made, dict)
        assert made["kind"] == (names[0] if "purrs" in made else names[1])


def animals(mapping: Any = None, kind: Any = None) -> dict[str, Any]:
    """A parent that asks, and a child that is made of it."""
    asked = {"propertyName": "kind", **({} if mapping is None else {"mapping": mapping})}
    animal = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": kind or {"type": "string"}},
        "discriminator": asked,
    }
    fish = {"allOf": [{"$ref": "#/components/schemas/Animal"}, {"properties": {"fins": {}}}]}
    return {"components": {"schemas": {"Animal": animal, "Fish": fish}}}


@pytest.mark.parametrize(
    ("name", "document", "expected"),
    [
        ("Fish", animals(), "Fish"),
        ("Animal", animals(), "Animal"),
        ("Fish", animals({"swims": "#/components/schemas/Fish"}), "swims"),
        ("Fish", animals(kind={"enum": ["salt", "fresh"]}), "salt"),
    ],
    ids=["by its name", "the parent itself", "as mapped", "where its name is not allowed"],
)
def test_a_value_names_the_schema_that_is_made_of_the_one_that_asks(
    name: str, document: dict[str, Any], expected: str
) -> None:
    made = sampled({"$ref": f"#/components/schemas/{name}"}, **document)
    assert isinstance(made, dict)
    assert made["kind"] == expected


@pytest.mark.parametrize("asked", [{}, {"propertyName": 7}, "kind", {"mapping": {}}])
def test_a_discriminator_without_a_name_asks_nothing(asked: Any) -> None:
    document = pets()
    document["components"]["schemas"]["Pet"]["discriminator"] = asked
    made = sampled(PET, **document)
    assert isinstance(made, dict)
    assert made["kind"] == "string"
