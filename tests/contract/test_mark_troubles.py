"""A mark that hides nothing, or not what was meant, is told where it stands."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.builders import a_document, an_operation, diagnostics_of

US: dict[str, Any] = {"x-audience": "internal"}


def told(**document: Any) -> list[str]:
    return [f"{d.name}: {d.message}" for d in diagnostics_of(a_document(**document))]


def told_of_schema(schema: Any) -> list[str]:
    return told(components={"schemas": {"S": schema}})


@pytest.mark.parametrize(
    "document",
    [
        {"paths": {"/a": {"get": an_operation(), **US}}},
        {"paths": {"/a": {"get": an_operation(**US)}}},
        {"components": {"parameters": {"P": US}}},
        {"components": {"headers": {"H": US}}},
        {"components": {"requestBodies": {"B": {**US, "content": {"a/b": US}}}}},
        {"components": {"responses": {"R": {**US, "headers": {"H": US}, "links": {"l": US}}}}},
        {"components": {"schemas": {"S": {"properties": {"p": {"items": US}}}}}},
        {"components": {"schemas": {"S": {"allOf": [US], "oneOf": [US], "anyOf": [US]}}}},
        {"components": {"schemas": {"S": {"$defs": {"D": US}, "additionalProperties": US}}}},
        {"components": {"schemas": {"S": {"prefixItems": [US], "patternProperties": {"a": US}}}}},
        {"webhooks": {"w": {"post": US}}},
        {"x-items": {"one": US}},
    ],
    ids=str,
)
def test_a_mark_may_stand_where_something_can_be_hidden(document: dict[str, Any]) -> None:
    assert told(**document) == []


@pytest.mark.parametrize(
    "document",
    [
        {"info": {"title": "", "version": "", **US}},
        {"tags": [{"name": "a", **US}]},
        {"servers": [{"url": "/", **US}]},
        {"paths": {"/a": {"get": an_operation(**{"x-other": US})}}},
        {"paths": {"/a": {"get": {"responses": {"200": {"description": ""}, **US}}}}},
        {"components": {"schemas": {"S": {"not": US}}}},
        {"components": {"schemas": {"S": {"if": {"properties": {"p": US}}}}}},
        {"components": {"schemas": {"S": {"contains": US}}}},
        {"components": {"schemas": {"S": {"discriminator": US}}}},
        {"components": {"securitySchemes": {"S": {"type": "http", **US}}}},
        {"components": {"parameters": {"P": {"x-enum-audience": {"a": "partner"}}}}},
    ],
    ids=str,
)
def test_elsewhere_it_hides_nothing(document: dict[str, Any]) -> None:
    (said,) = [line for line in told(**document) if "audience" in line]
    assert said.startswith("misplaced-audience-mark: ")
    assert said.endswith("hides nothing here")


def test_the_whole_document_has_its_audience_from_the_api() -> None:
    assert told(**US) == [
        "misplaced-audience-mark: `x-audience` marks the whole document, whose audience `api.yaml` "
        "says"
    ]


@pytest.mark.parametrize(
    "schema",
    [
        {"example": US},
        {"examples": [US]},
        {"default": US},
        {"enum": [US]},
        {"const": US},
        {"properties": {"x-audience": {"type": "string"}}},
    ],
    ids=str,
)
def test_in_a_value_or_as_a_name_it_is_a_word_like_any_other(schema: Any) -> None:
    assert told_of_schema(schema) == []


@pytest.mark.parametrize(
    ("word", "written"),
    [("publc", "`publc`"), ("Internal", "`Internal`"), (1, "`1`"), (["public"], "no word")],
)
def test_a_word_is_one_of_three(word: Any, written: str) -> None:
    assert told_of_schema({"x-audience": word}) == [
        f"bad-audience-mark: `x-audience` is {written}, which is not one of internal, partner, "
        "public"
    ]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (
            {"x-enum-audience": {"gold": "partner"}},
            "`x-enum-audience` is no mapping from values of the `enum` beside it",
        ),
        (
            {"enum": ["gold"], "x-enum-audience": ["gold"]},
            "`x-enum-audience` is no mapping from values of the `enum` beside it",
        ),
        (
            {"enum": ["gold"], "x-enum-audience": {"golden": "partner"}},
            "`golden` is none of the texts of the `enum`",
        ),
        (
            {"enum": ["gold"], "x-enum-audience": {"gold": "partners"}},
            "`gold` is `partners`, which is not one of internal, partner, public",
        ),
        (
            {
                "enum": ["gold", "free"],
                "x-enum-audience": {"gold": "partner"},
                "x-enum-fallback": "gold",
            },
            "`x-enum-fallback` stands in for values that are hidden, and is no value of the `enum` "
            "that everybody sees",
        ),
    ],
    ids=["no enum", "no mapping", "no value", "no word", "a hidden fallback"],
)
def test_marks_of_values_name_values(schema: Any, expected: str) -> None:
    assert told_of_schema(schema) == [f"bad-audience-mark: {expected}"]


def test_marks_of_values_may_be_right() -> None:
    marks = {"enum": ["a", "b"], "x-enum-audience": {"b": "partner"}, "x-enum-fallback": "a"}
    assert told_of_schema(marks) == []


def test_what_was_meant_is_named() -> None:
    (found,) = diagnostics_of(a_document(components={"schemas": {"S": {"x-audience": "publc"}}}))
    assert found.help == "did you mean `public`?"
