"""What an operation says of its parameters, bodies, headers and security, with its places."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract import Contract, Operation
from forecourt.contract.model import Header, Parameter, Requirement, SchemeUse, SecurityScheme
from forecourt.contract.values import decode, descend
from tests.contract.builders import a_contract, an_operation

SCHEMES = {
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "oauth": {"type": "oauth2", "flows": {}},
}


def the_operation(contract: Contract) -> Operation:
    (operation,) = contract.operations
    return operation


def of_parameter(**parameter: Any) -> Parameter:
    paths = {"/a": {"get": {"parameters": [parameter]}}}
    (found,) = the_operation(a_contract(paths=paths)).parameters
    return found


@pytest.mark.parametrize(
    ("location", "style", "explode"),
    [("query", "form", True), ("header", "simple", False), ("cookie", "form", True)],
)
def test_a_parameter_has_the_style_of_its_place(location: str, style: str, explode: bool) -> None:
    parameter = of_parameter(**{"name": "q", "in": location})
    assert (parameter.location, parameter.style, parameter.explode) == (location, style, explode)
    assert not parameter.is_required


def test_a_parameter_says_how_it_is_written() -> None:
    parameter = of_parameter(
        **{"name": "q", "in": "query", "style": "deepObject", "explode": True, "required": True},
        deprecated=True,
        allowReserved=True,
        schema={"type": "object"},
    )
    at = ("paths", "/a", "get", "parameters", "0")
    assert parameter == Parameter(
        name="q",
        location="query",
        style="deepObject",
        explode=True,
        is_required=True,
        is_deprecated=True,
        allows_reserved=True,
        pointer=at,
        schema=(*at, "schema"),
    )


def test_explode_follows_the_style() -> None:
    assert not of_parameter(**{"name": "q", "in": "query", "style": "pipeDelimited"}).explode


def test_a_parameter_may_be_encoded_in_a_media_type() -> None:
    parameter = of_parameter(
        **{"name": "q", "in": "query", "content": {"application/json": {"schema": {}}}}
    )
    assert [c.media_type for c in parameter.contents] == ["application/json"]
    assert parameter.schema is None


def test_an_operation_goes_before_its_path() -> None:
    def named(name: str, **others: Any) -> dict[str, Any]:
        return {"name": name, "in": "query", **others}

    get = {"parameters": [named("b", required=True), {"$ref": "#/components/parameters/C"}]}
    contract = a_contract(
        paths={"/a": {"parameters": [named("a"), named("b")], "get": get}},
        components={"parameters": {"C": named("c")}},
    )
    found = the_operation(contract).parameters
    assert [(p.name, p.is_required) for p in found] == [("a", False), ("b", True), ("c", False)]
    assert found[2].pointer == ("components", "parameters", "C")


def test_a_name_of_the_template_that_nobody_explains_is_a_parameter() -> None:
    (parameter,) = the_operation(a_contract(paths={"/a/{id}#{x}": {"get": {}}})).parameters
    assert (parameter.name, parameter.location, parameter.is_required) == ("id", "path", True)
    assert parameter.pointer is None


def test_a_body_leads_to_its_schemas() -> None:
    schema = {"$ref": "#/components/schemas/A"}
    content = {"application/json": {"schema": schema}, "text/plain": {}}
    contract = a_contract(
        paths={"/a": {"post": {"requestBody": {"$ref": "#/components/requestBodies/B"}}}},
        components={
            "requestBodies": {"B": {"required": True, "content": content}},
            "schemas": {"A": {}},
        },
    )
    body = the_operation(contract).body
    assert body is not None
    assert body.is_required
    assert body.pointer == ("components", "requestBodies", "B")
    as_json, as_text = body.contents
    assert as_json.schema is not None
    assert descend(decode(contract.document), as_json.schema) == schema
    assert as_text.schema is None
    assert the_operation(contract).request_media_types == ("application/json", "text/plain")


def test_an_answer_has_headers() -> None:
    headers = {"X-B": {"schema": {}}, "X-A": {"$ref": "#/components/headers/A"}}
    contract = a_contract(
        paths={"/a": {"get": {"responses": {"200": {"headers": headers}}}}},
        components={"headers": {"A": {"required": True, "deprecated": True}}},
    )
    at = ("paths", "/a", "get", "responses", "200", "headers", "X-B")
    assert the_operation(contract).responses[0].headers == (
        Header(
            name="X-A",
            pointer=("components", "headers", "A"),
            is_required=True,
            is_deprecated=True,
        ),
        Header(name="X-B", pointer=at, schema=(*at, "schema")),
    )


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({}, (Requirement(schemes=(SchemeUse(scheme="key"),)),)),
        ({"security": []}, ()),
        (
            {"security": [{"oauth": ["read", "write"], "key": []}, {}]},
            (
                Requirement(
                    schemes=(
                        SchemeUse(scheme="key"),
                        SchemeUse(scheme="oauth", scopes=("read", "write")),
                    )
                ),
                Requirement(),
            ),
        ),
    ],
    ids=["the document's", "none", "its own"],
)
def test_an_operation_demands(own: dict[str, Any], expected: tuple[Requirement, ...]) -> None:
    contract = a_contract(
        paths={"/a": {"get": own}}, security=[{"key": []}], components={"securitySchemes": SCHEMES}
    )
    assert the_operation(contract).security == expected


@pytest.mark.parametrize(
    ("security", "scopes"),
    [
        ([{"oauth": ["read"]}, {"nosuch": []}], [("read",)]),
        ([{"nosuch": []}, {"oauth": ["read"]}], [("read",)]),
        ([{"oauth": ["read"], "nosuch": []}, {"oauth": ["write"]}], [("write",)]),
        ([{"nosuch": ["read"]}], [("read",)]),
        ([{"nosuch": ["read"]}, {"other": ["write"]}], [("read",), ("write",)]),
    ],
    ids=str,
)
def test_a_scheme_that_nobody_declares_opens_nothing(security: Any, scopes: Any) -> None:
    paths = {"/a": {"get": an_operation(security=security)}}
    contract = a_contract(paths=paths, components={"securitySchemes": SCHEMES})
    requirements = the_operation(contract).security
    assert requirements is not None
    assert [tuple(s for use in r.schemes for s in use.scopes) for r in requirements] == scopes


def test_a_document_that_says_nothing_of_security_demands_nothing_known() -> None:
    assert the_operation(a_contract(paths={"/a": {"get": {}}})).security is None


def test_the_schemes_of_a_document_are_known() -> None:
    schemes = {
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "bearer": {"type": "http", "scheme": "bearer"},
    }
    assert a_contract(components={"securitySchemes": schemes}).security_schemes == (
        SecurityScheme(name="bearer", type="http"),
        SecurityScheme(name="key", type="apiKey", location="header", parameter="X-Key"),
    )


def test_an_operation_may_be_deprecated() -> None:
    contract = a_contract(paths={"/a": {"get": {"deprecated": True, "tags": ["one"]}}})
    assert (the_operation(contract).is_deprecated, the_operation(contract).tags) == (True, ("one",))
