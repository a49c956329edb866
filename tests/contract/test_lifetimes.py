"""Days of what is deprecated."""

from __future__ import annotations

from typing import Any

from forecourt.contract.lifetimes import undated
from forecourt.contract.values import decode
from tests.contract.builders import a_contract


def places(operation: dict[str, Any], *parameters: dict[str, Any]) -> list[str]:
    written = {
        "responses": {"200": {"description": "it"}},
        **operation,
        "parameters": [{"in": "query", "schema": {}, **p} for p in parameters],
    }
    contract = a_contract(paths={"/things": {"get": written}})
    found = undated(decode(contract.document), contract.operations)
    return ["/".join(map(str, at)) for at in found]


def test_finds_what_is_deprecated_and_names_no_day() -> None:
    assert places({"deprecated": True}) == ["paths//things/get/deprecated"]
    parameter = {"name": "old", "deprecated": True}
    assert places({}, parameter) == ["paths//things/get/parameters/0/deprecated"]


def test_a_day_of_either_kind_is_enough() -> None:
    assert places({"deprecated": True, "x-sunset": "2030-01-01"}) == []
    assert places({}, {"name": "old", "deprecated": True, "x-deprecated-since": "2030-01-01"}) == []
    assert places({"x-sunset": "soon"}) == []
