"""What is hidden has a place, which stays where its schema moves; there nothing shows unnoticed."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract import Contract
from forecourt.contract.reached import Places, Remembered, hidden_places, shown_places, told
from forecourt.estate.audience import Audience
from tests.contract.builders import a_contract, an_operation

PUBLIC, PARTNER = Audience.PUBLIC, Audience.PARTNER
US: dict[str, Any] = {"x-audience": "internal"}


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def answering(schema: Any, *, status: str = "200", **schemas: Any) -> Contract:
    content = {"application/json": {"schema": schema}}
    responses = {status: {"description": "it", "content": content}}
    operation = an_operation(responses=responses)
    return a_contract(paths={"/things": {"get": operation}}, components={"schemas": schemas})


def thing(**cost: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"id": {}, "cost": {"type": "integer", **cost}}}


def shown(before: Contract, after: Contract) -> list[str]:
    ways = shown_places(hidden_places(before, PUBLIC), Places(after, PUBLIC))
    return sorted({told(way) for way in ways})


HIDING = answering(ref("Thing"), Thing=thing(**US))
COST = ["the property `cost` of `GET /things`"]


@pytest.mark.parametrize(
    "after",
    [
        answering(ref("Thing"), Thing=thing()),
        answering(ref("Item"), Item=thing()),
        answering(ref("Item"), Item=thing(), Thing=thing(**US)),
        answering(thing()),
        answering({"allOf": [ref("Item")]}, Item=thing()),
        answering({"anyOf": [{"type": "string"}, ref("Item")]}, Item=thing()),
        answering(thing(), status="2XX"),
        answering({"properties": {"cost": ref("Cost")}}, Cost={"type": "integer"}),
    ],
    ids=[
        "the mark went",
        "renamed",
        "renamed, and the old one stayed",
        "moved to where it is used",
        "in a part",
        "in a branch",
        "of another status",
        "taken apart",
    ],
)
def test_tells_what_shows_wherever_its_schema_went(after: Contract) -> None:
    assert shown(HIDING, after) == COST
    assert shown(after, HIDING) == []


@pytest.mark.parametrize(
    "after",
    [
        answering(ref("Item"), Item=thing(**US)),
        answering(thing(**{"x-audience": "partner"})),
        answering({"properties": {"id": {}}}),
        answering({"properties": {"cost": ref("Cost")}}, Cost=US),
        answering({"properties": {"cost": {"anyOf": [US]}}}),
        a_contract(paths={"/things": {"get": {**an_operation(), **US}}}),
        a_contract(paths={"/others": {"get": an_operation()}}),
    ],
    ids=["renamed", "inside", "gone", "by reference", "no choice", "whole", "no operation"],
)
def test_nothing_shows_where_it_stays_hidden_or_goes(after: Contract) -> None:
    assert shown(HIDING, after) == []


@pytest.mark.parametrize(
    ("wrap", "path"),
    [
        (lambda s: {"type": "array", "items": s}, "items"),
        (lambda s: {"properties": {"data": {"type": "array", "prefixItems": [s]}}}, "first items"),
        (lambda s: {"additionalProperties": s}, "other members"),
        (lambda s: {"if": {}, "then": s}, "a condition"),
        (lambda s: {"dependentSchemas": {"id": s}}, "what depends"),
    ],
)
def test_looks_further_in(wrap: Any, path: str) -> None:
    before, after = (
        answering(wrap(ref(name)), **{name: thing(**mark)})
        for name, mark in (("Thing", US), ("Item", {}))
    )
    assert shown(before, after) == COST, path


def test_tells_values_parameters_headers_and_operations() -> None:
    def contract(**mark: Any) -> Contract:
        tier = {
            "enum": ["free", "gold"],
            "x-enum-audience": dict.fromkeys(mark and ["gold"], "internal"),
        }
        parameter = {"name": "deep", "in": "query", "schema": {"type": "object"}, **mark}
        responses = {"200": {"description": "", "headers": {"X-Margin": {"schema": {}, **mark}}}}
        body = {"content": {"application/json": {"schema": {"properties": {"tier": tier}}}}}
        operation = an_operation(parameters=[parameter], responses=responses, requestBody=body)
        paths = {"/things": {"post": operation, "put": {**an_operation(), **mark}}}
        return a_contract(paths=paths)

    assert shown(contract(**US), contract()) == [
        "the header `x-margin` of `POST /things`",
        "the operation `PUT /things`",
        "the parameter `deep` of `POST /things`",
        "the value `gold` of `POST /things`",
    ]
    assert shown(contract(**US), contract(**US)) == []


def test_tells_that_one_of_several_alternatives_hides_it_no_more() -> None:
    def either(*marks: Any) -> Contract:
        return answering({"anyOf": [thing(**mark) for mark in marks]})

    assert shown(either(US, US), either(US, {})) == COST
    assert shown(either(US, {}), either({}, {})) == COST
    assert shown(either(US, {}), either({}, US)) == []


def test_comes_to_an_end_in_a_circle() -> None:
    node = {"properties": {"next": ref("Node"), "cost": US}}
    other = {"properties": {"next": ref("Other"), "cost": {}}}
    assert shown(answering(ref("Node"), Node=node), answering(ref("Other"), Other=other)) == COST


def test_where_no_contract_is_at_hand_what_is_not_hidden_shows() -> None:
    before, less = hidden_places(HIDING, PUBLIC), hidden_places(answering(thing()), PUBLIC)
    assert [told(way) for way in shown_places(before, Remembered(hidden=less))] == COST
    assert [*shown_places(before, Remembered(hidden=before))] == []


def test_each_audience_has_places_of_its_own() -> None:
    contract = answering(thing(**{"x-audience": "partner"}))
    assert hidden_places(contract, PARTNER) == hidden_places(contract, Audience.INTERNAL) == ()
    assert hidden_places(contract, PUBLIC) == hidden_places(HIDING, PUBLIC)
