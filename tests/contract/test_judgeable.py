"""Schemas that ask for what nobody judges exactly."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract.judgeable import unjudgeable


@pytest.mark.parametrize(
    ("schema", "at", "message"),
    [
        ({"pattern": "(?>a)"}, ("S", "pattern"), "no pattern of ECMAScript: a group that begins"),
        ({"pattern": r"(a)?\1"}, ("S", "pattern"), "a group that may have matched nothing"),
        ({"patternProperties": {"[": {}}}, ("S", "patternProperties", "["), "it ends too early"),
        ({"$dynamicRef": "#a"}, ("S", "$dynamicRef"), "it is not followed"),
        ({"$schema": "https://acme.example/s"}, ("S", "$schema"), "may change what keywords mean"),
    ],
    ids=str,
)
def test_says_what_and_where(schema: Any, at: tuple[str, ...], message: str) -> None:
    (trouble,) = unjudgeable(schema, ("S",))
    assert trouble.at == at
    assert message in trouble.message


@pytest.mark.parametrize(
    "schema",
    [
        {"pattern": r"^(?=a)\bb\p{L}$", "patternProperties": {"(?!x)": {}}},
        {"pattern": 5, "patternProperties": [], "$dynamicRef": 5},
        {"$schema": "https://json-schema.org/draft/2020-12/schema#"},
        {"$schema": "https://spec.openapis.org/oas/3.1/dialect/base"},
        {"properties": {"$dynamicRef": {}}},
    ],
    ids=str,
)
def test_says_nothing_of_what_somebody_judges(schema: Any) -> None:
    assert list(unjudgeable(schema, ())) == []
