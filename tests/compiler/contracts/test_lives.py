"""What a contract says of the end of its operations and parameters."""

from __future__ import annotations

from typing import Any

from forecourt.compiler.contracts.lives import life_of
from forecourt.contract.values import decode
from tests.contract.builders import a_contract

SINCE, SUNSET = 1_767_225_600, 1_798_761_600  # 2026-01-01, 2027-01-01


def life(operation: dict[str, Any], *parameters: dict[str, Any]) -> Any:
    paths = {
        "/things/{id}": {
            "get": {
                "responses": {"200": {"description": "it"}},
                **operation,
                "parameters": list(parameters),
            }
        }
    }
    contract = a_contract(paths=paths)
    (found,) = contract.operations
    return life_of(found, decode(contract.document))


def a_parameter(name: str, location: str = "query", **fields: Any) -> dict[str, Any]:
    schema = {"type": "string"}
    required = {"required": True} if location == "path" else {}
    return {"name": name, "in": location, "schema": schema, **required, **fields}


DATED = {"deprecated": True, "x-deprecated-since": "2026-01-01", "x-sunset": "2027-01-01"}


def test_an_operation_says_its_days() -> None:
    assert life(DATED) == {"since": SINCE, "sunset": SUNSET}
    only_the_end = {"deprecated": True, "x-sunset": "2027-01-01T10:00:00Z"}
    assert life(only_the_end) == {"sunset": SUNSET}


def test_what_is_not_deprecated_or_has_no_day_says_nothing() -> None:
    assert life({}) == {}
    assert life({"deprecated": True}) == {}
    assert life({"deprecated": True, "x-sunset": "soon"}) == {}
    assert life({**DATED, "deprecated": False}) == {}
    assert life({}, a_parameter("id", "path"), a_parameter("old", deprecated=True)) == {}


def test_a_parameter_counts_where_it_is_carried() -> None:
    found = life({}, a_parameter("id", "path"), a_parameter("X-Old", "header", **DATED))
    assert found == {
        "parameters": [{"location": "header", "name": "x-old", "since": SINCE, "sunset": SUNSET}]
    }


def test_a_parameter_of_the_path_counts_always_and_the_earliest_day_is_told() -> None:
    earlier = {"deprecated": True, "x-sunset": "2026-01-01"}
    assert life(DATED, a_parameter("id", "path", **earlier)) == {"since": SINCE, "sunset": SINCE}
