"""An answer that is shown has the header fields that its contract declares."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.builders import a_contract, the_example


def shown(headers: dict[str, Any], *, seed: str | None = None, **document: Any) -> dict[str, str]:
    """The fields of an answer whose response declares these."""
    answers = {"200": {"description": "", "headers": headers}}
    contract = a_contract(paths={"/a": {"get": {"responses": answers}}}, **document)
    return dict(the_example(contract, seed=seed).headers)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ({"schema": {"type": "integer", "minimum": 7}}, "7"),
        ({"schema": {"type": "boolean"}, "example": True}, "true"),
        ({"schema": {"type": "string"}, "example": "as it is"}, "as it is"),
        ({"schema": {"type": "string"}, "examples": {"one": {"value": "first"}}}, "first"),
        ({"schema": {"type": "string", "enum": ["hit", "miss"]}}, "hit"),
        ({"schema": {"type": "array"}, "example": [1, "b", True]}, "1,b,true"),
        ({"schema": {"type": "object"}, "example": {"a": 1, "b": "c"}}, "a,1,b,c"),
        ({"schema": {"type": "object"}, "explode": True, "example": {"a": 1, "b": 2}}, "a=1,b=2"),
        ({"content": {"application/json": {}}, "example": {"a": 1}}, '{"a":1}'),
    ],
)
def test_is_written_as_fields_are(header: dict[str, Any], value: str) -> None:
    assert shown({"X-It": header}) == {"x-it": value}


def test_a_redirect_leads_somewhere() -> None:
    place = {"required": True, "schema": {"type": "string", "format": "uri"}}
    assert shown({"Location": place})["location"].startswith("https://")


def test_a_declaration_may_stand_elsewhere() -> None:
    components = {"headers": {"Rate": {"schema": {"type": "integer", "minimum": 5}}}}
    there = {"X-Rate": {"$ref": "#/components/headers/Rate"}}
    assert shown(there, components=components) == {"x-rate": "5"}


def test_a_seed_makes_another_and_each_time_the_same() -> None:
    header = {"X-Id": {"schema": {"type": "string", "format": "uuid"}}}
    assert shown(header, seed="a") == shown(header, seed="a") != shown(header, seed="b")


@pytest.mark.parametrize(
    "value", ["", " before", "after ", "one\r\nx-other: two", "one\ntwo", "nul\x00", "Ångström"]
)
def test_what_no_field_can_say_is_left_out(value: str) -> None:
    assert shown({"X-It": {"schema": {"type": "string"}, "example": value}}) == {}


@pytest.mark.parametrize(
    "name",
    [
        *("Content-Type", "content-length", "Transfer-Encoding", "Connection", "Date", "Server"),
        *("Forecourt-Audience", "X-Forecourt-Mock", "X-Forecourt-Problem"),
        *("two words", "x:y", ""),
    ],
)
def test_what_the_sender_or_the_edge_says_is_left_to_them(name: str) -> None:
    assert shown({name: {"schema": {"type": "string"}, "example": "1"}}) == {}


def test_a_field_without_any_value_is_left_out() -> None:
    never = {"required": True, "schema": {"type": "string", "minLength": 2, "maxLength": 1}}
    assert shown({"X-Never": never, "X-Bare": {}, "X-It": {"example": 1, "schema": {}}}) == {
        "x-it": "1"
    }
