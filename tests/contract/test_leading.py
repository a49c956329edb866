"""What leads to something hidden is known of all values of a document at once."""

from __future__ import annotations

from typing import Any

from forecourt.contract.projection import project
from forecourt.contract.sight import sight_of
from forecourt.contract.values import decode
from forecourt.estate.audience import Audience
from tests.contract.builders import a_contract, an_operation

HIDDEN = {"type": "string", "x-audience": "internal"}


def leads(schemas: dict[str, Any], audience: Audience = Audience.PUBLIC) -> set[str]:
    """The names of the schemas that lead to something hidden."""
    root: Any = {"components": {"schemas": schemas}}
    found = sight_of(root, audience).leads_to_hidden
    return {name for name, schema in schemas.items() if id(schema) in found}


def refer(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def test_what_is_hidden_and_all_around_it_leads_there() -> None:
    schemas = {
        "A": {"properties": {"b": refer("B")}},
        "B": {"items": refer("C")},
        "C": {"allOf": [{"properties": {"cost": HIDDEN}}]},
        "D": {"properties": {"e": refer("E")}},
        "E": {"type": "string"},
    }
    assert leads(schemas) == {"A", "B", "C"}
    assert leads(schemas, Audience.INTERNAL) == set()


def test_a_circle_leads_where_one_of_it_leads() -> None:
    schemas = {
        "A": {"properties": {"b": refer("B")}},
        "B": {"properties": {"a": refer("A"), "cost": HIDDEN}},
        "C": {"properties": {"c": refer("C")}},
    }
    assert leads(schemas) == {"A", "B"}


def test_a_choice_that_is_hidden_is_led_to() -> None:
    schemas = {
        "A": {"items": refer("B")},
        "B": {"enum": ["a", "b"], "x-enum-audience": {"b": "internal"}},
    }
    assert leads(schemas) == {"A", "B"}


def test_nothing_leads_anywhere_without_marks() -> None:
    assert leads({"A": {"properties": {"a": refer("A")}}}) == set()


def test_many_schemas_that_contain_each_other_are_projected() -> None:
    """Each of eighty leads to all, and asking each for all takes the square of that."""
    names = [f"S{n}" for n in range(80)]
    everything = {name: refer(name) for name in names}
    schemas = {name: {"properties": {**everything, "cost": HIDDEN}} for name in names}
    answer = {"description": "", "content": {"application/json": {"schema": refer("S0")}}}
    paths = {"/a": {"get": an_operation(responses={"200": answer})}}
    contract = a_contract(paths=paths, components={"schemas": schemas})
    shown: Any = decode(project(contract, Audience.PUBLIC).document)
    assert all("cost" not in s["properties"] for s in shown["components"]["schemas"].values())
