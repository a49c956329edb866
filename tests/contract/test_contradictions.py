"""Marks that make an operation useless for those who see it."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract import Contract
from forecourt.estate.audience import Audience
from tests.contract.builders import a_contract

US: dict[str, Any] = {"x-audience": "internal"}
FINE: dict[str, Any] = {"200": {"description": ""}}


def a_marked(components: Any = None, **operation: Any) -> Contract:
    paths = {"/things/{id}": {"post": {"responses": FINE, **operation}}}
    return a_contract(paths=paths, components=components)


def met(contract: Contract, audience: Audience = Audience.PUBLIC) -> list[str]:
    return [c.message for c in contract.contradictions if c.audience is audience]


def a_body(schema: Any, **more: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}, **more}


SEE = "public callers see `POST /things/{id}`"


@pytest.mark.parametrize(
    ("operation", "what"),
    [
        (
            {"parameters": [{"name": "id", "in": "path", "required": True, "schema": {}, **US}]},
            "the path parameter `id`",
        ),
        (
            {"parameters": [{"name": "q", "in": "query", "required": True, "schema": US}]},
            "the query parameter `q`",
        ),
        ({"requestBody": a_body({}, required=True, **US)}, "a body"),
        (
            {"requestBody": a_body({"required": ["cost"], "properties": {"cost": US}})},
            "the property `cost`",
        ),
        (
            {
                "requestBody": a_body(
                    {"items": {"allOf": [{"properties": {"a": {}, "b": US}}], "required": ["b"]}}
                )
            },
            "the property `b`",
        ),
    ],
    ids=["in the path", "by its schema", "a body", "of a body", "further in"],
)
def test_what_is_required_must_be_seen(operation: dict[str, Any], what: str) -> None:
    assert met(a_marked(**operation)) == [f"{SEE}, which requires {what}; they do not see that"]


@pytest.mark.parametrize(
    "operation",
    [
        {"parameters": [{"name": "q", "in": "query", "schema": {}, **US}]},
        {
            "parameters": [
                {"name": "q", "in": "query", "required": True, "schema": {"default": 1}, **US}
            ]
        },
        {"requestBody": a_body({"properties": {"cost": US}})},
        {
            "requestBody": a_body(
                {"required": ["cost"], "properties": {"cost": {**US, "default": 1}}}
            )
        },
        {
            "requestBody": a_body(
                {"required": ["cost"], "properties": {"cost": {**US, "readOnly": True}}}
            )
        },
        {
            "requestBody": a_body({"required": ["a"], "properties": {"a": US}}),
            **US,
        },
    ],
    ids=["optional", "with a default", "not required", "filled", "ours to write", "not theirs"],
)
def test_what_need_not_be_sent_may_be_hidden(operation: dict[str, Any]) -> None:
    assert met(a_marked(**operation)) == []


def test_a_required_property_of_an_answer_is_merely_absent() -> None:
    schema = {"required": ["id", "cost"], "properties": {"id": {}, "cost": US}}
    responses = {"200": {"description": "", **a_body(schema)}}
    assert met(a_marked(responses=responses)) == []


@pytest.mark.parametrize(
    ("responses", "is_told"),
    [
        ({"200": {"description": "", **US}}, True),
        ({"200": {"description": "", **US}, "404": {"description": ""}}, True),
        ({"200": {"description": "", **US}, "201": {"description": ""}}, False),
        ({"default": {"description": "", **US}}, True),
        ({"404": {"description": "", **US}}, False),
    ],
    ids=["the only one", "but a failure", "but another", "whatever it is", "a failure"],
)
def test_one_success_must_be_seen(responses: dict[str, Any], is_told: bool) -> None:
    told = [f"{SEE}, and none of its successes"] if is_told else []
    assert met(a_marked(responses=responses)) == told


def test_each_audience_is_told_of_its_own() -> None:
    hidden = {"x-audience": "partner"}
    contract = a_marked(parameters=[{"name": "q", "in": "query", "required": True, **hidden}])
    assert len(met(contract)) == 1
    assert met(contract, Audience.PARTNER) == []


def test_a_circle_of_schemas_is_gone_through_once() -> None:
    node = {
        "required": ["cost"],
        "properties": {"next": {"$ref": "#/components/schemas/Node"}, "cost": US},
    }
    body = a_body({"$ref": "#/components/schemas/Node"})
    assert len(met(a_marked({"schemas": {"Node": node}}, requestBody=body))) == 1


# --- marks and what they stand in -----------------------------------------------------------------


def test_a_mark_knows_the_narrowest_that_it_stands_in() -> None:
    answer = {"200": {"description": "", "x-audience": "public", **a_body({"enum": ["a"]})}}
    answer["200"]["content"]["application/json"]["schema"]["x-enum-audience"] = {"a": "internal"}
    contract = a_contract(
        paths={"/a": {"x-audience": "partner", "get": {"responses": answer, **US}}}
    )
    partner, internal, public = Audience.PARTNER, Audience.INTERNAL, Audience.PUBLIC
    assert {(m.audience, m.around) for m in contract.marks} == {
        (partner, None),
        (internal, partner),
        (public, internal),
        (internal, internal),
    }
