from __future__ import annotations

import json
from typing import Any

import pytest

from forecourt.contract import read_contract
from tests.contract.builders import PATH
from tests.contract.said import said_of_document

KINDS = "which is not one of apiKey, http, oauth2, openIdConnect, mutualTLS"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"info": None}, "has no `info`, with the `title` and `version` of the API"),
        ({"info": []}, "has a list as its `info`, with the `title` and `version` of the API"),
        ({"info": {"version": "1"}}, "`info` has no `title`"),
        ({"info": {"title": "A"}}, "`info` has no `version`"),
        ({"info": {"title": "A", "version": 1.0}}, "`version` is `1.0`, where OpenAPI has a text"),
        (
            {"info": {"title": "A", "version": "1", "titel": "B"}},
            "`info` has no `titel`, so it is passed over",
        ),
        ({"servres": []}, "a document has no `servres`, so it is passed over"),
        ({"servers": {"url": "/"}}, "`servers` is a mapping, where OpenAPI has a list"),
        ({"servers": [{}, {"url": "/"}]}, "a server has no `url`, so it is passed over"),
        ({"servers": [{"url": 5}]}, "`url` is `5`, where OpenAPI has a text"),
        (
            {"servers": [{"url": "/{a}", "variables": {"a": {}}}]},
            "a server variable has no `default`; it is empty",
        ),
        ({"components": []}, "`components` is a list, where OpenAPI has a mapping"),
        (
            {"components": {"securitySchemas": {}}},
            "`components` has no `securitySchemas`, so it is passed over",
        ),
    ],
    ids=str,
)
def test_says_what_the_document_lacks(document: dict[str, Any], said: str) -> None:
    (found,) = said_of_document(**document)
    assert found[:5] in ("FC115", "FC116")
    assert found.endswith(said)


@pytest.mark.parametrize(
    ("scheme", "said"),
    [
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, []),
        ({"type": "mutualTLS"}, []),
        ({}, [f"the `type` of the security scheme `a` is nothing, {KINDS}"]),
        ({"type": "basic"}, [f"the `type` of the security scheme `a` is `basic`, {KINDS}"]),
        ({"type": "http"}, ["the security scheme `a` is of the type `http`, and has no `scheme`"]),
        (
            {"type": "apiKey", "in": "body", "name": "key"},
            [
                "the `in` of the security scheme `a` is `body`,"
                " which is not one of query, header, cookie"
            ],
        ),
        (
            {"type": "apiKey"},
            [
                "the security scheme `a` is of the type `apiKey`, and has no `name`",
                "the security scheme `a` is of the type `apiKey`, and has no `in`",
            ],
        ),
    ],
    ids=str,
)
def test_says_what_a_security_scheme_lacks(scheme: dict[str, Any], said: list[str]) -> None:
    found = said_of_document(components={"securitySchemes": {"a": scheme}})
    assert sorted(found) == sorted(f"FC115 {each}" for each in said)


def test_3_0_has_no_schemes_of_certificates() -> None:
    schemes = {"securitySchemes": {"a": {"type": "mutualTLS"}}}
    (said,) = said_of_document(openapi="3.0.3", components=schemes)
    assert said.endswith("which is not one of apiKey, http, oauth2, openIdConnect")


def test_none_of_it_keeps_an_operation_from_being_served() -> None:
    text = "openapi: 3.1.0\nservers: 5\ncomponents: []\npaths: {/a: {get: {}}}\n"
    contract, diagnostics = read_contract(text, PATH)
    assert contract is not None
    assert [str(o) for o in contract.operations] == ["GET /a"]
    assert {str(d.severity.value) for d in diagnostics} == {"warning"}
    assert [d.span.line for d in diagnostics] == [1, 2, 3]


def test_a_reference_to_the_whole_document_is_no_list_of_parameters() -> None:
    answers = {"200": {"description": ""}}
    operation = {"parameters": {"$ref": "#"}, "responses": answers}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "paths": {"/a": {"get": operation}},
    }
    _, diagnostics = read_contract(json.dumps(document), "a.yaml")
    message = "the whole document is a mapping, where OpenAPI has a list; `GET /a` is left out"
    assert message in [d.message for d in diagnostics]
