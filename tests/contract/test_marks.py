from __future__ import annotations

import json
from typing import Any

import pytest

from forecourt.contract import Contract, read_contract
from forecourt.diagnostics import Span
from tests.contract.builders import PATH, a_contract, a_document, an_operation

MARK = {"x-audience": "partner"}
SCHEMA = {"type": "string", "enum": ["gold"], "x-enum-audience": {"gold": "partner"}}


@pytest.mark.parametrize(
    "document",
    [
        {"info": {"title": "", "version": "", **MARK}},
        {"paths": {"/a": {**MARK, "get": an_operation()}}},
        {"paths": {"/a": {"get": an_operation(**MARK)}}},
        {"paths": {"/a": {"get": an_operation(parameters=[{"name": "p", **MARK}])}}},
        {"paths": {"/a": {"get": {"responses": {"200": {"description": "", **MARK}}}}}},
        {"components": {"schemas": {"Unused": {"properties": {"p": {**MARK}}}}}},
        {"components": {"schemas": {"Unused": SCHEMA}}},
        {"webhooks": {"w": {"post": {**MARK}}}},
        {"tags": [[[MARK]]]},
        {"x-own": {"deep": [1, {"er": MARK}]}},
    ],
    ids=lambda d: json.dumps(d)[:40],
)
@pytest.mark.parametrize("prefix", ["", "# as YAML\n"], ids=["JSON", "YAML"])
def test_finds_a_mark(document: dict[str, Any], prefix: str) -> None:
    text = prefix + a_document(**document)
    contract, _ = read_contract(text, PATH)
    assert contract is not None
    *_, line = text.splitlines()
    column = max(line.find('"x-audience"'), line.find('"x-enum-audience"')) + 1
    assert contract.audience_marks == (Span(PATH, 2 if prefix else 1, column),)


@pytest.mark.parametrize(
    "key",
    [
        '"x-\\u0061udience"',
        '"\\x78-audience"',
        "'x-audience'",
        '? "x-aud\\\n     ience"\n  ',
        "? x-audience\n  ",
    ],
    ids=["unicode escape", "hex escape", "quoted", "folded", "explicit key"],
)
def test_is_not_misled_by_how_a_mark_is_spelled(key: str) -> None:
    text = f"openapi: 3.1.0\npaths: {{/a: {{get: {{}}}}}}\nx-a:\n  {key}: partner\n"
    contract, _ = read_contract(text, PATH)
    assert contract is not None
    assert contract.audience_marks == (Span(PATH, 4, 3 if "?" not in key else 5),)


def test_finds_a_mark_that_json_spells_with_an_escape() -> None:
    paths = {"/a": {"get": an_operation(**MARK)}}
    contract = a_contract(a_document(paths=paths).replace("x-audience", "\\u0078-audience"))
    assert len(contract.audience_marks) == 1


def test_counts_a_mark_once_that_an_alias_repeats() -> None:
    text = "openapi: 3.1.0\npaths: {/a: {get: &g {x-audience: internal}, put: *g}}\n"
    contract, _ = read_contract(text, PATH)
    assert contract is not None
    assert len(contract.audience_marks) == 1
    assert marked(contract) == ["GET /a", "PUT /a"]


def test_finds_none_in_a_document_without() -> None:
    contract = a_contract(info={"title": "x-audience", "description": "x-audience: internal"})
    assert contract.audience_marks == ()
    assert marked(contract) == []


# --- which operations are marked ------------------------------------------------------------------


def marked(contract: Contract) -> list[str]:
    return [str(o) for o in contract.operations if o.has_audience_marks]


def test_says_which_operation_is_marked() -> None:
    inside = {"200": {"description": "", "content": {"a/b": {"schema": SCHEMA}}}}
    paths = {"/a": {"get": an_operation(), "put": {"responses": inside}}, "/b": {"put": {}}}
    assert marked(a_contract(paths=paths)) == ["PUT /a"]


def test_marks_each_operation_of_a_marked_path() -> None:
    parameter = {"name": "q", "in": "query", **MARK}
    paths = {"/a": {"parameters": [parameter], "get": {}, "put": {}}, "/b": {"get": {}}}
    assert marked(a_contract(paths=paths)) == ["GET /a", "PUT /a"]


def test_marks_an_operation_whose_path_refers_to_a_marked_one() -> None:
    paths = {"/a": {"$ref": "#/x-items/x-audience"}, "/b": {"$ref": "#/x-items/plain", **MARK}}
    items = {"x-audience": {"get": {}, **MARK}, "plain": {"get": {}}}
    assert marked(a_contract(paths=paths, **{"x-items": items})) == ["GET /a", "GET /b"]
