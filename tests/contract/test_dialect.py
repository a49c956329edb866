from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from forecourt.contract import read_contract
from forecourt.contract.dialect import (
    Translated,
    Translations,
    Untranslatable,
    name_of,
    place_of,
    reference_to,
    translate,
)
from forecourt.contract.one_sided import Direction
from forecourt.contract.values import Json, decode


def translated(
    schema: Any,
    openapi: str = "3.0.3",
    direction: Direction = Direction.RESPONSE,
    **document: Any,
) -> Translated:
    found = translate({"S": schema, **document}, ("S",), openapi=openapi, direction=direction)
    assert isinstance(found, Translated)
    return found


def said(schema: Any, openapi: str = "3.0.3", **document: Any) -> Any:
    return translated(schema, openapi, **document).definitions["S"]


# --- OpenAPI 3.0 ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        ({"nullable": True}, {}),
        ({"nullable": True, "allOf": [{"type": "string"}]}, {"allOf": [{"type": "string"}]}),
        (
            {"type": "string", "nullable": True, "enum": ["a"]},
            {"type": ["string", "null"], "enum": ["a"]},
        ),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"maximum": 1, "exclusiveMaximum": True}, {"exclusiveMaximum": 1}),
        ({"minimum": 1, "exclusiveMinimum": False}, {"minimum": 1}),
        ({"exclusiveMinimum": True}, {}),
        ({"exclusiveMinimum": 3}, {"exclusiveMinimum": 3}),
        ({"const": 1, "patternProperties": {"a": {}}, "if": {}, "then": {}}, {}),
        ({"title": "T", "description": "D", "x-own": 1, "xml": {}}, {}),
    ],
    ids=str,
)
def test_says_of_3_0(schema: Any, expected: Any) -> None:
    assert said(schema) == expected


def test_lets_nothing_beside_a_reference_count_in_3_0() -> None:
    schema = {"$ref": "#/T", "minLength": 3, "nullable": True}
    assert said(schema, T={"type": "string"}) == {"$ref": "#/$defs/T"}


# --- OpenAPI 3.1 ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "schema",
    [
        {"type": ["string", "null"]},
        {"const": None},
        {"if": {"minLength": 1}, "then": {"pattern": "a"}, "else": False},
        {"prefixItems": [{"type": "string"}, True], "items": False, "unevaluatedItems": False},
        {"dependentSchemas": {"a": {"required": ["b"]}}, "dependentRequired": {"a": ["b"]}},
        {"$ref": "#/$defs/T", "minLength": 3},
    ],
    ids=str,
)
def test_says_the_same_of_3_1(schema: Any) -> None:
    written = json.loads(json.dumps(schema).replace("#/$defs/T", "#/T"))
    assert said(written, "3.1.0", T={"type": "string"}) == schema


def test_gives_nullable_no_meaning_in_3_1() -> None:
    assert said({"type": "string", "nullable": True}, "3.1.0") == {"type": "string"}


# --- what means nothing ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "schema",
    [
        {"required": True},
        {"required": ["a", 1]},
        {"type": "any"},
        {"type": []},
        {"minLength": "3"},
        {"minLength": -1},
        {"minLength": 1.5},
        {"maxItems": True},
        {"multipleOf": 0},
        {"pattern": 5},
        {"allOf": []},
        {"oneOf": {"a": {}}},
        {"properties": ["a"]},
        {"readOnly": "yes"},
    ],
    ids=str,
)
@pytest.mark.parametrize("openapi", ["3.0.3", "3.1.0"])
def test_passes_over_and_tells_where(schema: Any, openapi: str) -> None:
    found = translated(schema, openapi)
    assert found.definitions["S"] == {}
    assert found.passed_over == (("S", next(iter(schema))),)


def test_passes_over_an_odd_property_alone() -> None:
    found = translated({"properties": {"a": "odd", "b": {"type": "string"}}})
    assert found.definitions["S"] == {"properties": {"b": {"type": "string"}}}
    assert found.passed_over == (("S", "properties", "a"),)


# --- references -----------------------------------------------------------------------------------


def test_keeps_references_and_takes_along_only_what_they_lead_to() -> None:
    document: Any = {
        "components": {
            "schemas": {
                "A": {
                    "type": "object",
                    "properties": {"b": {"$ref": "#/components/schemas/a~1b {c}"}},
                },
                "a/b {c}": {"properties": {"a": {"$ref": "#/components/schemas/A"}}},
                "Other": {},
            }
        }
    }
    at = ("components", "schemas", "A")
    found = translate(document, at, openapi="3.1.0", direction=Direction.RESPONSE)
    assert isinstance(found, Translated)
    assert list(found.definitions) == ["components/schemas/A", "components/schemas/a~1b {c}"]
    validator = Draft202012Validator(found.schema)
    assert validator.is_valid({"b": {"a": {"b": {}}}})
    assert not validator.is_valid({"b": {"a": 1}})
    assert found.start == ("$defs", "components/schemas/A")


def test_follows_a_reference_to_a_reference_and_keeps_what_stands_beside_in_3_1() -> None:
    found = translated(
        {"$ref": "#/B"}, "3.1.0", B={"$ref": "#/C", "minLength": 2}, C={"type": "string"}
    )
    validator = Draft202012Validator(found.schema)
    assert [validator.is_valid(v) for v in ("ab", "a", 12)] == [True, False, False]


@pytest.mark.parametrize(
    ("schema", "at", "reason"),
    [
        ({"$ref": "#/Nothing"}, ("S", "$ref"), "is not in this document"),
        ({"items": {"$ref": "b.yaml"}}, ("S", "items", "$ref"), "in another file"),
        ({"items": {"$dynamicRef": "#a"}}, ("S", "items", "$dynamicRef"), "dynamic"),
        (None, ("S",), "this is no schema"),
        ({"$ref": "#/Odd"}, ("Odd",), "this is no schema"),
    ],
    ids=str,
)
def test_says_where_it_cannot_be_said(schema: Any, at: tuple[str, ...], reason: str) -> None:
    document: Any = {"S": schema, "Odd": 5}
    found = translate(document, ("S",), openapi="3.1.0", direction=Direction.RESPONSE)
    assert isinstance(found, Untranslatable)
    assert found.at == at
    assert reason in found.reason


def test_names_places_as_pointers_in_the_document() -> None:
    name = name_of(("paths", "/a~b", "get"))
    assert name == "paths/~1a~0b/get"
    assert reference_to(name) == "#/$defs/paths~1~01a~00b~1get"
    assert place_of(("$defs", name, "properties", "x/y")) == "/paths/~1a~0b/get/properties/x~1y"


# --- what only one side writes --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("direction", "required"),
    [(Direction.REQUEST, ["b", "c"]), (Direction.RESPONSE, ["a", "c"])],
)
@pytest.mark.parametrize("openapi", ["3.0.3", "3.1.0"])
def test_requires_of_nobody_what_the_other_side_writes(
    direction: Direction, required: list[str], openapi: str
) -> None:
    schema = {
        "required": ["a", "b", "c"],
        "properties": {"a": {"readOnly": True}, "b": {"$ref": "#/Secret"}, "c": {}},
    }
    found = translated(schema, openapi, direction, Secret={"writeOnly": True})
    of_schema = found.definitions["S"]
    assert isinstance(of_schema, dict)
    assert of_schema["required"] == required


def test_requires_nothing_that_a_part_of_it_says_the_other_side_writes() -> None:
    schema = {"allOf": [{"$ref": "#/Base"}], "required": ["id", "name"]}
    base = {"properties": {"id": {"$ref": "#/Leads"}, "name": {}}}
    found = translated(
        schema,
        "3.0.3",
        Direction.REQUEST,
        Base=base,
        Leads={"$ref": "#/Id"},
        Id={"type": "string", "readOnly": True},
    )
    of_schema = found.definitions["S"]
    assert isinstance(of_schema, dict)
    assert of_schema["required"] == ["name"]


def test_says_nothing_of_what_3_0_does_not_have() -> None:
    assert said({"$dynamicRef": "#a", "minLength": 1}) == {"minLength": 1}


def test_a_bound_is_made_exclusive_by_true_in_3_0_only() -> None:
    schema = {"minimum": 1, "exclusiveMinimum": True}
    assert said(schema) == {"exclusiveMinimum": 1}
    assert translated(schema, "3.1.0").definitions["S"] == {"minimum": 1}


# --- real documents -------------------------------------------------------------------------------

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"
DATA = Path(os.environ.get("FORECOURT_TEST_DATA", BESIDE))
VERDICTS = {
    "adyen-checkout-v71": "adyen/CheckoutService-v71.yaml",
    "asana": "asana/asana_oas.yaml",
    "box": "box/openapi-v2024.0.json",
    "box.synthetic": "box/openapi-v2024.0.json",
    "camara-qod-r3.2": "camara-qod/quality-on-demand/r3.2.yaml",
    "discord.synthetic": "discord/openapi.json",
    "github": "github/api.github.com.json",
    "museum": "museum/openapi.yaml",
    "paypal-orders-v2": "paypal/checkout_orders_v2.json",
    "readme-discriminators.synthetic": "readme-oas-examples/3.0/json/discriminators.json",
    "readme-polymorphism.synthetic": "readme-oas-examples/3.0/json/polymorphism.json",
    "realworld.synthetic": "realworld/openapi.yml",
    "sumup": "sumup/openapi.yaml",
    "xero-accounting": "xero/xero_accounting.yaml",
}


@pytest.mark.slow
@pytest.mark.skipif(
    not DATA.is_dir(), reason="no folder of real documents; FORECOURT_TEST_DATA names one"
)
@pytest.mark.parametrize("name", VERDICTS)
def test_judges_real_bodies_as_other_validators_do(name: str) -> None:
    contract, _ = read_contract((DATA / VERDICTS[name]).read_text(), name)
    assert contract is not None
    document = decode(contract.document)
    lines = (DATA / "derived/instance-verdicts" / f"{name}.jsonl").read_text().splitlines()
    assert lines
    for line in map(json.loads, lines):
        steps = line["schema"].removeprefix("#/").split("/")
        at = tuple(s.replace("~1", "/").replace("~0", "~") for s in steps)
        direction = Direction[line["kind"].upper()]
        found = translate(document, at, openapi=contract.openapi, direction=direction)
        assert isinstance(found, Translated)
        validator = Draft202012Validator(found.schema, validate_formats=False)
        assert validator.is_valid(line["instance"]) is line["valid"], line


# --- many of one document -------------------------------------------------------------------------


def test_many_of_one_document_are_each_what_they_are_alone() -> None:
    schemas = {
        "Tree": {"properties": {"children": {"items": {"$ref": "#/components/schemas/Tree"}}}},
        "Leaf": {"allOf": [{"$ref": "#/components/schemas/Tree"}, {"type": "object"}]},
        "Odd": {"properties": {"a": 1, "b": {"$ref": "#/components/schemas/Leaf"}}},
        "Lost": {"items": {"$ref": "#/components/schemas/Nowhere"}},
    }
    document: Json = {"components": {"schemas": schemas}}
    known = Translations(document, openapi="3.1.0", direction=Direction.REQUEST)
    for name in [*schemas, *reversed(schemas)]:
        at = ("components", "schemas", name)
        alone = translate(document, at, openapi="3.1.0", direction=Direction.REQUEST)
        assert known.of(at) == alone
