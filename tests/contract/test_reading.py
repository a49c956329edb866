from __future__ import annotations

import gc

import pytest

from forecourt.contract import Content, read_contract
from forecourt.diagnostics import Severity
from tests.contract.builders import (
    PATH,
    a_contract,
    a_document,
    an_operation,
    complaints,
    diagnostics_of,
)

SHOP = """\
openapi: 3.1.0
info: {title: Shop, version: "2"}
servers:
  - url: https://shop.example/v2/
paths:
  /orders/{id}:
    get:
      operationId: readOrder
      summary: Read an order
      responses:
        404: {$ref: "#/components/responses/Missing"}
        200:
          description: The order
          content:
            application/json:
              examples:
                paid: {value: {id: 1, total: 1.10}}
                open: {value: {id: 2, total: 0}}
    delete:
      responses: {204: {description: gone}}
  /orders:
    post:
      requestBody:
        content: {application/json: {}, application/xml: {}}
      responses: {default: {description: whatever}}
components:
  responses:
    Missing:
      description: No such order
      content:
        application/problem+json: {example: {status: 404}}
"""


def test_reads_what_a_document_says_about_itself() -> None:
    contract = a_contract(SHOP)
    assert (contract.title, contract.version, contract.openapi) == ("Shop", "2", "3.1.0")
    assert contract.base_paths == ("/v2",)


def test_sorts_operations_by_template_and_method() -> None:
    assert [str(o) for o in a_contract(SHOP).operations] == [
        "POST /orders",
        "DELETE /orders/{id}",
        "GET /orders/{id}",
    ]


def test_reads_an_operation() -> None:
    operation = a_contract(SHOP).operation("get", "/orders/{id}")
    assert operation is not None
    assert (operation.id, operation.summary) == ("readOrder", "Read an order")
    assert [r.status for r in operation.responses] == ["200", "404"]
    assert operation.responses[0].contents == (
        Content(
            media_type="application/json",
            pointer=(
                *("paths", "/orders/{id}", "get", "responses", "200"),
                *("content", "application/json"),
            ),
            examples=("paid", "open"),
        ),
    )


def test_follows_a_reference_of_a_response() -> None:
    operation = a_contract(SHOP).operation("GET", "/orders/{id}")
    assert operation is not None
    assert operation.responses[1].description == "No such order"
    assert operation.responses[1].contents[0].pointer[:3] == ("components", "responses", "Missing")


def test_knows_which_bodies_a_request_may_have() -> None:
    operation = a_contract(SHOP).operation("POST", "/orders")
    assert operation is not None
    assert operation.request_media_types == ("application/json", "application/xml")


def test_finds_no_operation_that_is_not_there() -> None:
    assert a_contract(SHOP).operation("PUT", "/orders") is None


def test_reads_the_same_from_yaml_and_json() -> None:
    as_json, as_yaml = a_contract(), a_contract(" # a comment\n" + a_document())
    assert as_json == as_yaml


def test_reads_a_document_that_begins_with_a_byte_order_mark() -> None:
    assert a_contract("\N{ZERO WIDTH NO-BREAK SPACE}" + a_document()) == a_contract()


def test_takes_operations_from_the_path_that_a_path_refers_to() -> None:
    contract = a_contract(
        paths={"/a": {"$ref": "#/components/pathItems/A", "post": an_operation(summary="own")}},
        components={"pathItems": {"A": {"get": an_operation(), "post": an_operation()}}},
    )
    assert [(str(o), o.summary) for o in contract.operations] == [
        ("GET /a", ""),
        ("POST /a", "own"),
    ]
    assert contract.operations[0].pointer == ("components", "pathItems", "A", "get")


def test_reads_a_range_of_statuses_in_either_case() -> None:
    contract = a_contract(paths={"/a": {"get": {"responses": {"4xx": {"description": "no"}}}}})
    assert [r.status for r in contract.operations[0].responses] == ["4XX"]


def test_passes_over_extensions() -> None:
    contract = a_contract(
        paths={"x-owner": "me", "/a": {"get": an_operation(**{"x-id": 1}), "x-notes": []}}
    )
    assert [str(o) for o in contract.operations] == ["GET /a"]


def test_takes_an_operation_of_which_nothing_is_said() -> None:
    contract = a_contract("openapi: 3.0.3\npaths:\n  /a:\n    get:\n")
    assert [(str(o), o.responses) for o in contract.operations] == [("GET /a", ())]


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: [", "2:1 FC001 unreadable-yaml"),
        ("- a list", "1:1 FC101 not-openapi"),
        ("", "1:1 FC101 not-openapi"),
        ("name: payments\n", "1:1 FC101 not-openapi"),
        ("info: {}\nswagger: '2.0'\n", "2:1 FC102 openapi-2"),
        ("openapi: 4.0.0\npaths: {}\n", "1:10 FC103 openapi-version"),
        ("openapi: 3.2.0\npaths: {}\n", "1:10 FC103 openapi-version"),
        ("openapi: [3]\npaths: {}\n", "1:10 FC103 openapi-version"),
        ("openapi: 3.1.0\nwebhooks: {}\n", "1:1 FC104 no-paths"),
        ("openapi: 3.1.0\npath: {}\n", "2:1 FC104 no-paths"),
        ("openapi:\n", "1:9 FC103 openapi-version"),
        ('{"openapi": "3.0.0",\n "a": "\\ud83d"}', "2:10 FC001 unreadable-yaml"),
        ('{"openapi": ' + "[" * 5000 + "]" * 5000 + "}", "1:212 FC008 too-deep"),
    ],
    ids=lambda text: text[:30],
)
def test_refuses_what_it_cannot_serve(text: str, expected: str) -> None:
    contract, diagnostics = read_contract(text, PATH)
    assert contract is None
    assert complaints(text) == [expected]
    assert diagnostics[0].severity is Severity.ERROR


def test_says_how_to_go_on_from_openapi_2() -> None:
    (diagnostic,) = diagnostics_of('swagger: "2.0"\n')
    assert diagnostic.message == "this is OpenAPI 2 (Swagger), which is not read"
    assert diagnostic.help == "convert it to OpenAPI 3.0 or 3.1"


@pytest.mark.parametrize("openapi", ["3.0", "3.1", "3.0.3", '"3.1.1"', "3.1.0-rc1"])
def test_takes_every_spelling_of_a_version_it_reads(openapi: str) -> None:
    contract, _ = read_contract(f"openapi: {openapi}\npaths: {{}}\n", PATH)
    assert contract is not None
    assert contract.openapi == openapi.strip('"')


# --- what costs only what stands there ------------------------------------------------------------


def of_paths(paths: str) -> str:
    return f"openapi: 3.1.0\npaths:\n{paths.rstrip()}\n"


INFO = "info: {title: A, version: '1'}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("openapi: 3.1.0\npaths: {}\n", "2:1 FC105 no-operations"),
        (
            of_paths("  /a: {get: {responses: {200: {$ref: '#/components/responses/A'}}}}\n"),
            "3:38 FC106 broken-reference",
        ),
        (
            of_paths("  /a: {get: {responses: {200: {$ref: '#anchor'}}}}\n"),
            "3:38 FC106 broken-reference",
        ),
        (of_paths("  /a: {$ref: 'a.yaml#/paths/a'}\n"), "3:14 FC106 broken-reference"),
        (of_paths("  /a: {$ref: '/a.yaml'}\n"), "3:14 FC107 reference-elsewhere"),
        (of_paths("  /a: {$ref: 'https://acme.example/a'}\n"), "3:14 FC107 reference-elsewhere"),
        (of_paths("  /a: {get: {$ref: ['a.yaml']}}\n"), "3:20 FC109 contract-shape"),
        (of_paths("  /a: {$ref: '#/paths/~1a'}\n"), "3:14 FC108 reference-cycle"),
        (
            "openapi: 3.1.0\npaths: {/a: {get: {responses: {200: {headers: {A: {schema:\n"
            "  {$dynamicAnchor: b, items: {$id: b, $dynamicAnchor: b, not: {$dynamicRef: '#b'}}}"
            "\n}}}}}}}\n",
            "3:64 FC118 unjudgeable",
        ),
        (of_paths("  /a: [get]\n"), "3:7 FC109 contract-shape"),
        (of_paths("  /a: {get: read}\n"), "3:13 FC109 contract-shape"),
        (of_paths("  /a: {get: {responses: [200]}}\n"), "3:25 FC109 contract-shape"),
        ("openapi: 3.1.0\npaths: [/a]\n", "2:8 FC109 contract-shape"),
        (of_paths("  a: {get: {}}\n"), "3:3 FC110 bad-template"),
        (of_paths("  '/a/{id': {get: {}}\n"), "3:3 FC110 bad-template"),
        (of_paths("  /a: {get: {responses: {ok: {}}}}\n"), "3:26 FC111 bad-status"),
        (of_paths("  /a: {get: {responses: {999: {}}}}\n"), "3:26 FC111 bad-status"),
        (of_paths("  /%61: {get: {}}\n  /a: {get: {}}\n"), "4:3 FC112 same-template"),
        (
            of_paths("  /a: {get: {operationId: x}, put: {operationId: x}}\n"),
            "3:50 FC113 same-operation-id",
        ),
        (
            of_paths("  /a: {get: {responses: {200: {links: {x: {$ref: '#/y'}}}}}}\n"),
            "3:50 FC114 lost-aside",
        ),
        (of_paths("  /a: {get: {tags: yes}}\n"), "3:20 FC115 not-as-specified"),
        (of_paths("  /a: {get: {repsonses: {}}}\n"), "3:14 FC116 unknown-field"),
        (of_paths("  /{a}: {get: {}}\n"), "3:3 FC117 path-parameters"),
        (of_paths("  /a: {get: {x-audience: publc}}\n"), "3:26 FC119 bad-audience-mark"),
        (
            of_paths("  /a: {servers: [{x-audience: public}], get: {}}\n"),
            "3:19 FC120 misplaced-audience-mark",
        ),
        (
            of_paths("  /a: {get: {parameters: [{name: a, in: query, schema: {pattern: (}}]}}\n"),
            "3:57 FC118 unjudgeable",
        ),
        (of_paths("  /a: {get: {security: [{key: []}]}}\n"), "3:26 FC124 unknown-security-scheme"),
        (
            of_paths(
                "  /a: {get: {parameters: [&q {name: a, in: query, schema: {type: string}}, *q]}}\n"
            ),
            "3:27 FC125 same-parameter",
        ),
        (
            of_paths("  /a: {get: {parameters: [{name: a, in: query, schema: {nullable: true}}]}}"),
            "3:57 FC126 keyword-of-another-version",
        ),
        (
            of_paths(
                "  /a: {get: {responses: {200: {content: {application/json: "
                "{schema: {type: string}, example: 5}}}}}}\n"
            ),
            "3:94 FC130 example-breaks-schema",
        ),
        ("openapi: 3.1.0\nopenapi: 3.1.0\npaths: {/a: {get: {}}}\n", "2:1 FC009 duplicate-key"),
    ],
    ids=lambda text: text.removeprefix("openapi: 3.1.0\npaths:").strip()[:40],
)
def test_locates_a_mistake_and_goes_on(text: str, expected: str) -> None:
    contract, _ = read_contract(text + INFO, PATH)
    assert contract is not None
    assert complaints(text + INFO) == [expected]


def test_names_the_reference_that_leads_nowhere() -> None:
    operation = {"requestBody": {"$ref": "#/components/nothing"}}
    (diagnostic,) = diagnostics_of(a_document(paths={"/a": {"post": operation}}))
    assert diagnostic.message == (
        "`#/components/nothing` refers to something that is not in this document;"
        " `POST /a` is left out"
    )


def test_locates_a_mistake_in_json() -> None:
    info = '"info": {"title": "A", "version": "1"}'
    paths = '"paths": {"/a": {"get": {"responses":\n    ["x", 2]}}}'
    text = f'{{\n  "openapi": "3.0.0",\n  {paths}, {info}\n}}\n'
    assert complaints(text) == ["4:5 FC109 contract-shape"]


def test_locates_a_key_that_json_writes_twice() -> None:
    info = '"info": {"title": "A", "version": "1"}'
    text = f'{{"openapi": "3.1.0", {info}, "paths": {{"/a": {{"get": {{}}}}}},\n "paths": {{}}}}'
    assert complaints(text) == ["2:2 FC009 duplicate-key"]
    contract, _ = read_contract(text, PATH)
    assert contract is not None
    assert [str(o) for o in contract.operations] == ["GET /a"]


def test_reports_everything_in_one_pass() -> None:
    text = of_paths("  a: {}\n  /b: []\n  /c: {get: {responses: {x: {}}}}\n") + INFO
    assert complaints(text) == [
        "3:3 FC110 bad-template",
        "4:7 FC109 contract-shape",
        "5:26 FC111 bad-status",
    ]


def test_shows_no_control_character_of_a_document() -> None:
    text = of_paths('  "\\e[2J\\n": {}\n') + INFO
    (diagnostic,) = diagnostics_of(text)
    assert diagnostic.message.isprintable()
    assert diagnostic.help is not None
    assert diagnostic.help.isprintable()


def test_is_deterministic() -> None:
    assert a_contract(SHOP) == a_contract(SHOP)
    assert hash(a_contract(SHOP)) == hash(a_contract(SHOP))


# --- memory ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("reference", ["#/components/schemas/A", "#/components/schemas/Nothing"])
def test_leaves_nothing_that_would_have_to_be_searched_for(reference: str) -> None:
    """A document in a cycle stays in memory until somebody looks: 200 of them were a gigabyte."""
    text = f"""\
openapi: 3.1.0
info: {{title: A, version: "1"}}
paths: {{/a: {{get: {{responses: {{"200": {{$ref: "{reference}"}}}}}}}}}}
components: {{schemas: {{A: {{properties: {{a: {{$ref: "#/components/schemas/A"}}}}}}}}}}
"""
    read_contract(text, PATH)
    gc.collect()
    gc.disable()
    try:
        read_contract(text, PATH)
        assert gc.collect() == 0
    finally:
        gc.enable()
