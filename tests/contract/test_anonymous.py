"""Which operations ask for no credential: those of which the document says so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from forecourt.contract import read_contract
from forecourt.contract.anonymous import for_anybody
from forecourt.estate.audience import Audience


def names(operation: dict[str, Any], audience: str = "public", **document: Any) -> list[str]:
    """The operations for anybody of a contract with one, and what it says of itself."""
    answers: dict[str, Any] = {"responses": {"200": {"description": "fine"}}}
    scheme = {"type": "http", "scheme": "bearer"}
    written = {
        "openapi": "3.1.0",
        "info": {"title": "Rates", "version": "1"},
        "paths": {"/rates": {"get": answers | operation}, "/orders": {"get": answers}},
        "components": {"securitySchemes": {"key": scheme, "ours": scheme}},
        **document,
    }
    contract, _ = read_contract(json.dumps(written), "rates.openapi.json")
    assert contract is not None
    found = [str(o) for o in for_anybody(contract, Audience(audience)).operations]
    if audience == "public":
        assert list(contract.anonymous) == found
    return found


@pytest.mark.parametrize("security", [[], [{}], [{}, {"key": []}], [{"key": []}, {}]], ids=str)
def test_one_that_says_so_is_for_anybody(security: Any) -> None:
    assert names({"security": security}, security=[{"key": []}]) == ["GET /rates"]


@pytest.mark.parametrize(
    "security", [[{"key": []}], [{"key": ["read"]}], [{"typo": []}], [{"typo": []}, {"key": []}]]
)
def test_one_that_asks_for_something_is_not(security: Any) -> None:
    assert names({"security": security}, security=[{"key": []}]) == []


def test_where_nothing_is_said_nothing_follows() -> None:
    assert names({}) == []


def test_what_the_document_says_of_all_counts_for_those_that_say_nothing() -> None:
    assert names({"security": [{"key": []}]}, security=[]) == ["GET /orders"]
    assert names({}, security=[{}]) == ["GET /orders", "GET /rates"]


@pytest.mark.parametrize("security", ["", "none", {}, {"key": []}, ["key"], [[]], [None]], ids=str)
def test_what_is_no_list_of_requirements_opens_nothing(security: Any) -> None:
    assert names({"security": security}, security=[{"key": []}]) == []
    assert "GET /rates" not in names({}, security=security)


def test_what_an_audience_does_not_see_is_not_for_it() -> None:
    assert names({"security": [], "x-audience": "partner"}) == []
    assert names({"security": [], "x-audience": "partner"}, "partner") == ["GET /rates"]


def test_that_only_hidden_operations_use_a_scheme_opens_no_other() -> None:
    hidden = {"x-audience": "internal", "security": [{"ours": []}]}
    assert names(hidden, security=[{"ours": []}]) == []
