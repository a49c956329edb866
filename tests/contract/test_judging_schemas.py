"""A schema may say what its version of OpenAPI has, and nothing is passed over in silence."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract import read_contract
from forecourt.contract.openapi_3_0 import NOT_IN_3_0
from tests.contract.builders import PATH, a_document
from tests.contract.said import said_of_schema

# What each may hold, for those whose value would be looked at.
_VALUES: dict[str, Any] = {
    **{keyword: {} for keyword in ("if", "then", "else", "contains", "propertyNames")},
    **{keyword: {} for keyword in ("patternProperties", "dependentSchemas", "dependentRequired")},
    **dict.fromkeys(("unevaluatedItems", "unevaluatedProperties"), False),
    **{keyword: [] for keyword in ("prefixItems", "examples")},
    **dict.fromkeys(("maxContains", "minContains", "const"), 1),
}
# Names mean nothing in 3.0, and are gone by then.
_NAMES = {"$anchor", "$dynamicAnchor", "$dynamicRef", "$id", "$schema"}


@pytest.mark.parametrize("keyword", sorted(NOT_IN_3_0 - _NAMES - {"$recursiveRef"}))
def test_3_0_passes_over_what_came_later(keyword: str) -> None:
    schema = {keyword: _VALUES[keyword]}
    assert said_of_schema(schema, "3.0.3") == [
        f"FC126 OpenAPI 3.0 has no `{keyword}`, so it is passed over"
    ]
    assert said_of_schema(schema) == (
        []
        if keyword != "prefixItems"
        else ["FC115 `prefixItems` is an empty list, so it is passed over"]
    )


@pytest.mark.parametrize(
    ("schema", "in_3_0", "in_3_1"),
    [
        (
            {"type": ["string", "null"]},
            ["FC126 `type` is a list, which OpenAPI 3.0 does not have; any of them is meant"],
            [],
        ),
        (
            {"type": "null"},
            ["FC126 OpenAPI 3.0 has no type `null`; it is taken as OpenAPI 3.1 has it"],
            [],
        ),
        (
            {"type": "array"},
            ["FC115 a list has no `items`, which OpenAPI 3.0 demands; they may be anything"],
            [],
        ),
        (
            {"type": "string", "nullable": True},
            [],
            ["FC126 OpenAPI 3.1 has no `nullable`, so it is passed over"],
        ),
        (
            {"nullable": True},
            ["FC115 `nullable` says nothing without a `type` beside it (OpenAPI 3.0.3)"],
            ["FC126 OpenAPI 3.1 has no `nullable`, so it is passed over"],
        ),
        ({"type": "string", "nullable": False}, [], []),
        (
            {"minimum": 1, "exclusiveMinimum": True},
            [],
            [
                "FC126 `exclusiveMinimum` is `true` or `false` in OpenAPI 3.0 only,"
                " so it is passed over"
            ],
        ),
        (
            {"exclusiveMaximum": 5},
            [
                "FC126 `exclusiveMaximum` is a number, which OpenAPI 3.0 does not have;"
                " it is the bound"
            ],
            [],
        ),
        (
            {"examples": {"a": 1}},
            ["FC126 OpenAPI 3.0 has no `examples`, so it is passed over"],
            ["FC115 `examples` is a mapping, where OpenAPI has a list; it is passed over"],
        ),
    ],
    ids=str,
)
def test_versions_differ(schema: dict[str, Any], in_3_0: list[str], in_3_1: list[str]) -> None:
    assert said_of_schema(schema, "3.0.3") == in_3_0
    assert said_of_schema(schema) == in_3_1


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"enum": []}, "`enum` is an empty list, so no value is right"),
        ({"anyOf": []}, "`anyOf` is an empty list, so it is passed over"),
        ({"type": []}, "`type` is a list, which means nothing; it is passed over"),
        ({"minLength": -1}, "`minLength` is `-1`, which means nothing; it is passed over"),
        ({"maxItems": 1.5}, "`maxItems` is `1.5`, which means nothing; it is passed over"),
        ({"multipleOf": 0}, "`multipleOf` is `0`, which means nothing; it is passed over"),
        ({"minimum": "1"}, "`minimum` is `1`, where OpenAPI has a number; it is passed over"),
        (
            {"required": True},
            "`required` is `true`, where OpenAPI has a list of texts; it is passed over",
        ),
        (
            {"readOnly": True, "writeOnly": True},
            "`readOnly` and `writeOnly` stand side by side, so that nobody may send this",
        ),
        (
            {"discriminator": "kind"},
            "a `discriminator` has no `propertyName`, so it tells nothing apart",
        ),
        (
            {"discriminator": {"mapping": {}}},
            "a `discriminator` has no `propertyName`, so it tells nothing apart",
        ),
    ],
    ids=str,
)
def test_says_what_means_nothing(schema: dict[str, Any], said: str) -> None:
    assert said_of_schema(schema) == [f"FC115 {said}"]


@pytest.mark.parametrize(
    "schema", [{"minLength": 0}, {"maxItems": 2}, {"multipleOf": 0.01}], ids=str
)
def test_says_nothing_of_what_is_right(schema: dict[str, Any]) -> None:
    assert said_of_schema(schema) == said_of_schema(schema, "3.0.3") == []


def test_nothing_that_counts_stands_beside_a_reference_in_3_0() -> None:
    schema = {"$ref": "#/components/schemas/A", "maxLength": 5, "description": "long"}
    components = {"schemas": {"A": {"type": "string"}}}
    assert said_of_schema(schema, "3.0.3", components=components) == [
        "FC126 `maxLength` stands beside a `$ref`, so OpenAPI 3.0 passes it over"
    ]
    assert said_of_schema(schema, components=components) == []


def test_a_dialect_that_nobody_knows_costs_what_has_schemas() -> None:
    answer = {"description": "", "content": {"application/json": {"schema": {}}}}
    paths = {
        "/a": {"get": {"responses": {"200": answer}}},
        "/b": {"get": {"responses": {"204": {"description": ""}}}},
    }
    text = a_document(paths=paths, jsonSchemaDialect="https://json-schema.org/draft-07/schema#")
    contract, (said,) = read_contract(text, PATH)
    assert contract is not None
    assert [str(o) for o in contract.operations] == ["GET /b"]
    assert said.code == "FC118"
    assert said.message.endswith("which may change what keywords mean; `GET /a` is left out")
    known = a_document(
        paths=paths, jsonSchemaDialect="https://spec.openapis.org/oas/3.1/dialect/base"
    )
    assert read_contract(known, PATH)[1] == ()
