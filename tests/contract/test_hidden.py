"""What is hidden has a name that stays, wherever the thing moves among others."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract import Contract
from forecourt.contract.hidden import hidden_from, shows, spoken
from forecourt.estate.audience import Audience
from tests.contract.builders import a_contract, an_operation

PUBLIC, PARTNER = Audience.PUBLIC, Audience.PARTNER
US: dict[str, Any] = {"x-audience": "internal"}
COST = "/components/schemas/Thing/properties/cost"


def a_thing(**cost: Any) -> Contract:
    thing = {"properties": {"id": {}, "cost": {"type": "integer", **cost}}}
    return a_contract(components={"schemas": {"Thing": thing}})


def test_names_each_place_where_an_audience_ceases_to_see() -> None:
    contract = a_contract(
        paths={
            "/a": {"get": an_operation(), "put": an_operation(**{"x-audience": "partner"})},
            "/b": {"get": an_operation(), **US},
        },
        components={
            "schemas": {
                "Tier": {"enum": ["a", "b"], "x-enum-audience": {"b": "partner"}},
                "Thing": {"properties": {"cost": US}},
            }
        },
    )
    assert hidden_from(contract, PUBLIC) == (
        "/components/schemas/Thing/properties/cost",
        "/components/schemas/Tier/enum/b",
        "/paths/~1a/put",
        "/paths/~1b",
    )
    assert hidden_from(contract, PARTNER) == (COST, "/paths/~1b")
    assert hidden_from(contract, Audience.INTERNAL) == ()


def test_nothing_is_hidden_where_nothing_is_marked() -> None:
    assert hidden_from(a_contract(), PUBLIC) == ()


def test_parameters_and_branches_have_their_names_wherever_they_stand() -> None:
    hidden, other = ({"name": n, "in": "query", "schema": {}} for n in ("deep", "limit"))
    branches = [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B", **US}]
    for parameters, parts in (
        ([{**hidden, **US}, other], branches),
        ([other, {**hidden, **US}], branches[::-1]),
    ):
        contract = a_contract(
            paths={"/a": {"get": an_operation(parameters=parameters)}},
            components={"schemas": {"A": {}, "B": {}, "C": {"anyOf": parts}}},
        )
        assert hidden_from(contract, PUBLIC) == (
            "/components/schemas/C/anyOf/#~1components~1schemas~1B",
            "/paths/~1a/get/parameters/query:deep",
        )
        assert not any(shows(contract, PUBLIC, key) for key in hidden_from(contract, PUBLIC))


@pytest.mark.parametrize(
    ("contract", "is_shown"),
    [
        (a_thing(), True),
        (a_thing(**{"x-audience": "public"}), True),
        (a_thing(**US), False),
        (a_contract(), False),
        (a_contract(components={"schemas": {"Thing": {**US, "properties": {"cost": {}}}}}), False),
    ],
    ids=["without its mark", "widened", "as it was", "gone", "inside something hidden"],
)
def test_shows_what_is_there_and_not_hidden(contract: Contract, is_shown: bool) -> None:
    assert shows(contract, PUBLIC, COST) is is_shown


def test_shows_values_and_parameters_by_their_names() -> None:
    parameter = {"name": "deep", "in": "query", "schema": {}}
    contract = a_contract(
        paths={"/a": {"get": an_operation(parameters=[parameter])}},
        components={"schemas": {"Tier": {"enum": ["a", "b"], "x-enum-audience": {"b": "partner"}}}},
    )
    assert shows(contract, PUBLIC, "/paths/~1a/get/parameters/query:deep")
    assert shows(contract, PUBLIC, "/components/schemas/Tier/enum/a")
    assert not shows(contract, PUBLIC, "/components/schemas/Tier/enum/b")
    assert not shows(contract, PUBLIC, "/components/schemas/Tier/enum/c")


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("/paths/~1a", "the path `/a`"),
        ("/paths/~1a~1{id}/put", "the operation `PUT /a/{id}`"),
        ("/paths/~1a/get/parameters/query:deep", "the parameter `deep` of `GET /a`"),
        ("/paths/~1a/parameters/query:deep", "the parameter `deep` of the path `/a`"),
        ("/paths/~1a/get/responses/202", "the response `202` of `GET /a`"),
        (COST, "the property `cost` of `Thing`"),
        ("/components/schemas/Tier/enum/b", "the value `b` of `Tier`"),
        ("/components/schemas/Thing", "what refers to `Thing`"),
        (
            "/x-forecourt-files/apis~1a~1b.yaml/Thing/properties/cost",
            "the property `cost` in `apis/a/b.yaml/Thing/properties/cost`",
        ),
    ],
)
def test_speaks_of_it_as_people_do(key: str, said: str) -> None:
    assert spoken(key) == said
