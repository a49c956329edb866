from __future__ import annotations

from typing import Any

import pytest

from tests.contract.said import said_of_document, said_of_operation

Q = {"name": "q", "in": "query", "schema": {"type": "string"}}
HEADER = {"name": "X-Q", "in": "header", "schema": {"type": "string"}}
ANSWER = {"responses": {"200": {"description": ""}}}
SCHEMES = {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}


@pytest.mark.parametrize(
    ("parameters", "name", "location"),
    [
        ([Q, Q], "q", "query"),
        ([Q, {"$ref": "#/components/parameters/Q"}], "q", "query"),
        ([HEADER, {**HEADER, "name": "x-q"}], "x-q", "header"),
    ],
    ids=["written twice", "by a reference", "a header"],
)
def test_a_parameter_stands_once(parameters: list[Any], name: str, location: str) -> None:
    paths = {"/a": {"get": {**ANSWER, "parameters": parameters}}}
    assert said_of_document(paths=paths, components={"parameters": {"Q": Q}}) == [
        f"FC125 the parameter `{name}` in `{location}` stands here twice; the first counts"
    ]


def test_an_operation_may_write_a_parameter_of_its_path_anew() -> None:
    paths = {"/a": {"parameters": [Q], "get": {**ANSWER, "parameters": [Q, {**Q, "name": "Q"}]}}}
    assert said_of_document(paths=paths) == []


@pytest.mark.parametrize("method", ["get", "head", "delete", "trace"])
def test_a_body_is_taken_where_3_0_has_none(method: str) -> None:
    body = {"content": {"application/json": {}}}
    assert said_of_operation("3.0.3", method, requestBody=body) == [
        f"FC115 OpenAPI 3.0 lets a {method.upper()} have no body; it is taken as it is"
    ]
    assert said_of_operation("3.1.0", method, requestBody=body) == []
    assert said_of_operation("3.0.3", "post", requestBody=body) == []


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ({"responses": {}}, "FC115 an operation has empty `responses`, so it declares no answer"),
        (
            {"responses": {"4xx": {"description": ""}}},
            "FC115 `4xx` is written `4XX` in OpenAPI",
        ),
        ({"requestBody": {}}, "FC115 a request body has no `content`, so none is taken"),
        (
            {"requestBody": {"content": {"*": {}}}},
            "FC115 `*` is no media type, so no body is of it",
        ),
        (
            {"requestBody": {"content": {"a/b": {"example": 1, "examples": {"a": {"value": 1}}}}}},
            "FC115 `examples` stand beside `example`, which is shown where nobody asks for another",
        ),
    ],
    ids=str,
)
def test_says_what_is_missing(operation: dict[str, Any], said: str) -> None:
    assert said_of_operation("3.1.0", "post", **operation) == [said]


def test_3_0_demands_answers() -> None:
    paths: dict[str, Any] = {"/a": {"get": {}}}
    assert said_of_document(openapi="3.0.3", paths=paths) == [
        "FC115 an operation has no `responses`, so it declares no answer"
    ]
    assert said_of_document(paths=paths) == []


def test_what_stands_beside_the_reference_of_a_parameter_is_passed_over() -> None:
    reference = {"$ref": "#/components/parameters/Q", "required": True, "description": "words"}
    paths = {"/a": {"get": {**ANSWER, "parameters": [reference]}}}
    assert said_of_document(paths=paths, components={"parameters": {"Q": Q}}) == [
        "FC115 `required` stands beside the `$ref` of a parameter, so it is passed over"
    ]


@pytest.mark.parametrize(
    ("security", "said"),
    [
        ([{"key": []}, {}], []),
        ([{"kye": []}], ["FC124 no security scheme is called `kye`"]),
        (
            [{"kye": []}, {"key": []}],
            ["FC124 no security scheme is called `kye`; no caller can present it"],
        ),
    ],
    ids=str,
)
def test_security_names_schemes_that_there_are(security: list[Any], said: list[str]) -> None:
    components = {"securitySchemes": SCHEMES}
    paths = {"/a": {"get": {**ANSWER, "security": security}, "put": ANSWER}}
    assert said_of_document(paths=paths, components=components) == said
    assert said_of_document(security=security, components=components) == said


def test_two_parameters_of_a_path_have_two_names() -> None:
    paths = {"/a/{b}/{c}/{b}": {"get": ANSWER}}
    assert said_of_document(paths=paths) == [
        "FC110 `/a/{b}/{c}/{b}` has two parameters called `b`; `GET /a/{b}/{c}/{b}` is left out"
    ]
