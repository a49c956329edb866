"""A document of several files is one, and its mistakes keep the places of the files."""

from __future__ import annotations

import json
from typing import Any

import pytest

from forecourt.contract import Contract, read_contract
from forecourt.contract.assembling import FILES
from forecourt.contract.references import Found, follow
from forecourt.contract.values import Json, decode, descend
from forecourt.diagnostics import Diagnostic
from tests.contract.builders import PATH, an_operation, the_example

SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}}}


def read(
    main: str, files: dict[str, str | bytes] | None = None
) -> tuple[Contract, tuple[Diagnostic, ...]]:
    contract, diagnostics = read_contract(main, PATH, (files or {}).get)
    assert contract is not None
    return contract, diagnostics


def of_paths(paths: dict[str, Any], **others: Any) -> str:
    info = {"title": "A", "version": "1"}
    return json.dumps({"openapi": "3.0.3", "info": info, "paths": paths, **others})


def answering(schema: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"get": {"responses": {"200": {"description": "", "content": content}}}}


def schema_of(contract: Contract) -> Json:
    """What the schema of the only answer stands for."""
    document = decode(contract.document)
    (content,) = contract.operations[0].responses[0].contents
    assert content.schema is not None
    found = follow(document, descend(document, content.schema), content.schema)
    assert isinstance(found, Found)
    return found.value


def test_a_path_may_stand_in_another_file() -> None:
    files: dict[str, str | bytes] = {
        "apis/shop/paths/a.yaml": json.dumps({"get": an_operation(summary="far")})
    }
    contract, diagnostics = read(of_paths({"/a": {"$ref": "paths/a.yaml"}}), files)
    assert diagnostics == ()
    assert [(str(o), o.summary) for o in contract.operations] == [("GET /a", "far")]
    assert contract.operations[0].pointer == (FILES, "apis/shop/paths/a.yaml", "get")
    assert contract.files == ("apis/shop/paths/a.yaml",)


@pytest.mark.parametrize(
    ("reference", "content"),
    [
        ("thing.yaml", SCHEMA),
        ("./thing.yaml#", SCHEMA),
        ("thing.yaml#/Thing", {"Thing": SCHEMA}),
        ("../shop/thing.yaml#/a~1b/0", {"a/b": [SCHEMA]}),
        ("thing.yaml#/Alias", {"Alias": {"$ref": "#/Thing"}, "Thing": SCHEMA}),
    ],
    ids=["a whole file", "an empty fragment", "a key", "a pointer", "a reference of its own"],
)
def test_a_reference_leads_into_another_file(reference: str, content: Any) -> None:
    main = of_paths({"/a": answering({"$ref": reference})})
    contract, diagnostics = read(main, {"apis/shop/thing.yaml": json.dumps(content)})
    assert diagnostics == ()
    assert schema_of(contract) == SCHEMA


@pytest.mark.parametrize("name", ["a b.yaml", "50%25.yaml", "a~b.yaml", "ä.yaml"])
def test_a_file_may_be_called_anything(name: str) -> None:
    spelled = name.replace("%", "%25").replace(" ", "%20")
    main = of_paths({"/a": answering({"$ref": spelled})})
    contract, diagnostics = read(main, {f"apis/shop/{name}": json.dumps(SCHEMA)})
    assert diagnostics == ()
    assert schema_of(contract) == SCHEMA


def test_references_are_relative_to_the_file_they_stand_in() -> None:
    main = of_paths({"/a": answering({"$ref": "models/order.yaml"})})
    files: dict[str, str | bytes] = {
        "apis/shop/models/order.yaml": "properties: {buyer: {$ref: ../common/user.yaml}}\n",
        "apis/shop/common/user.yaml": json.dumps(SCHEMA),
    }
    contract, diagnostics = read(main, files)
    assert diagnostics == ()
    assert contract.files == tuple(sorted(files))


def test_a_file_may_refer_back_to_the_document() -> None:
    main = of_paths(
        {"/a": answering({"$ref": "b.yaml"})}, components={"schemas": {"Thing": SCHEMA}}
    )
    contract, diagnostics = read(
        main, {"apis/shop/b.yaml": "$ref: v1.openapi.yaml#/components/schemas/Thing\n"}
    )
    assert diagnostics == ()
    assert schema_of(contract) == SCHEMA


def test_files_may_lead_in_a_circle() -> None:
    main = of_paths({"/a": answering({"$ref": "a.yaml"})})
    files: dict[str, str | bytes] = {
        "apis/shop/a.yaml": "properties: {b: {$ref: b.yaml}}\n",
        "apis/shop/b.yaml": "properties: {a: {$ref: a.yaml}}\n",
    }
    contract, diagnostics = read(main, files)
    assert diagnostics == ()
    assert len(contract.operations) == 1


def test_each_file_stands_in_the_document_once() -> None:
    paths = {f"/{n}": answering({"$ref": "thing.yaml"}) for n in range(50)}
    asked: list[str] = []

    def others(path: str) -> str:
        asked.append(path)
        return json.dumps({**SCHEMA, "title": "only once"})

    contract, _ = read_contract(of_paths(paths), PATH, others)
    assert contract is not None
    assert asked == ["apis/shop/thing.yaml"]
    assert contract.document.count(b"only once") == 1


def test_no_reference_of_the_document_leads_out_of_it() -> None:
    main = of_paths({"/a": answering({"$ref": "a.yaml"})})
    contract, _ = read(
        main,
        {
            "apis/shop/a.yaml": "discriminator: {propertyName: k, mapping: {b: b.yaml, c: C}}\n"
            "oneOf: [{$ref: b.yaml}]\n",
            "apis/shop/b.yaml": "type: object\n",
        },
    )
    assert b'"$ref":"b.yaml"' not in contract.document
    there = f"#/{FILES}/apis~1shop~1b.yaml"
    assert decode(contract.document)[FILES]["apis/shop/a.yaml"] == {  # type: ignore[index,call-overload]
        "discriminator": {"propertyName": "k", "mapping": {"b": there, "c": "C"}},
        "oneOf": [{"$ref": there}],
    }


def test_examples_are_found_in_other_files() -> None:
    content = {"application/json": {"examples": {"$ref": "examples.yaml"}}}
    main = of_paths({"/a": {"get": {"responses": {"200": {"content": content}}}}})
    contract, _ = read(main, {"apis/shop/examples.yaml": "one: {value: {id: 1}}\n"})
    assert the_example(contract).value == {"id": 1}


@pytest.mark.parametrize("keyword", ["const", "default", "enum"])
def test_a_value_that_looks_like_a_reference_is_a_value(keyword: str) -> None:
    value: Any = {"a": {"$ref": "thing.yaml"}, "b": {"$ref": ""}}
    schema = {"properties": {"a": {keyword: [value] if keyword == "enum" else value}}}
    contract, _ = read(of_paths({"/a": answering(schema)}), {"apis/shop/thing.yaml": "{}"})
    assert schema_of(contract) == schema
    assert contract.files == ()


@pytest.mark.parametrize("name", ["const", "default", "enum"])
def test_a_name_spelled_like_a_keyword_is_a_name(name: str) -> None:
    far = {"$ref": "thing.yaml"}
    for schema in ({"properties": {name: far}}, {"$defs": {name: far}, "items": far}):
        contract, diagnostics = read(
            of_paths({"/a": answering(schema)}), {"apis/shop/thing.yaml": json.dumps(SCHEMA)}
        )
        assert diagnostics == ()
        assert contract.files == ("apis/shop/thing.yaml",)
    answers = {"responses": {name: {"$ref": "thing.yaml#/r"}}}
    answer = json.dumps({"r": {"description": "", "content": {}}})
    files: dict[str, str | bytes] = {
        "apis/shop/thing.yaml": answer,
        "apis/shop/get.yaml": json.dumps(answers),
    }
    for operation in (answers, {"$ref": "get.yaml"}):
        assert "apis/shop/thing.yaml" in read(of_paths({"/a": {"get": operation}}), files)[0].files


def test_a_document_alone_stays_as_it_is() -> None:
    main = of_paths({"/a": answering({"$ref": "#/components/schemas/T"})}, components={})
    contract, _ = read(main.replace("{}}", '{"schemas": {"T": {}}}}'))
    assert FILES.encode() not in contract.document


# --- what is wrong --------------------------------------------------------------------------------


def complaints(main: str, files: dict[str, str | bytes] | None = None) -> list[str]:
    return [f"{d.span} {d.name}: {d.message}" for d in read(main, files)[1]]


def test_a_mistake_in_another_file_is_located_there() -> None:
    main = of_paths({"/a": answering({"$ref": "a.yaml"})})
    assert complaints(main, {"apis/shop/a.yaml": "\nproperties:\n  b: {$ref: '#/c'}\n"}) == [
        "apis/shop/a.yaml:3:13 broken-reference: `#/c` refers to something that is not in this"
        " document; `GET /a` is left out"
    ]


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("none.yaml", "`none.yaml` refers to a file that is not in the estate"),
        ("a.yaml#/none", "`a.yaml#/none` refers to something that is not in that file"),
        ("a.yaml#anchor", "`a.yaml#anchor` refers to something that is not in that file"),
        ("https://acme.example/a.yaml", "`https://acme.example/a.yaml` is a URL, and nothing is"),
        ("//acme.example/a.yaml", "`//acme.example/a.yaml` is a URL, and nothing is fetched"),
        ("file:///etc/passwd", "`file:///etc/passwd` is a URL, and nothing is fetched"),
        ("/etc/passwd", "`/etc/passwd` is not relative"),
        ("~/a.yaml", "`~/a.yaml` is not relative"),
        ("../../../a.yaml", "`../../../a.yaml` leaves the estate's folder"),
        ("..%2F..%2F../a.yaml", "`..%2F..%2F../a.yaml` leaves the estate's folder"),
        ("a\\b.yaml", "`a\\b.yaml` has characters that no path here has"),
        ("?a", "`?a` refers to a file that is not in the estate"),
    ],
)
def test_what_cannot_be_reached_is_said_at_its_place(reference: str, says: str) -> None:
    main = of_paths({"/a": answering({"$ref": reference})})
    contract, (diagnostic,) = read(main, {"apis/shop/a.yaml": "{}"})
    assert diagnostic.message.startswith(says)
    assert diagnostic.message.endswith("`GET /a` is left out")
    assert contract.operations == ()


def test_nothing_outside_of_the_estate_is_even_asked_for() -> None:
    asked: list[str] = []
    far = ["https://a.example/a.yaml", "/etc/passwd", "../../../a.yaml", "file:a.yaml", "~/a"]
    main = of_paths({f"/{n}": answering({"$ref": r}) for n, r in enumerate(far)})

    def others(path: str) -> None:
        asked.append(path)

    read_contract(main, PATH, others)
    assert asked == []


@pytest.mark.parametrize(
    ("content", "says"),
    [("a: [", "unreadable-yaml"), (b"\xff\xfe", "not-utf8"), ("[" * 300, "too-deep")],
    ids=["no YAML", "no text", "too deep"],
)
def test_a_file_that_cannot_be_read_says_why_itself(content: str | bytes, says: str) -> None:
    main = of_paths({"/a": answering({"$ref": "a.yaml"}), "/b": answering({})})
    contract, diagnostics = read(main, {"apis/shop/a.yaml": content})
    assert [(d.span.path, d.name) for d in diagnostics] == [
        ("apis/shop/a.yaml", says),
        (PATH, "broken-reference"),
    ]
    assert [str(o) for o in contract.operations] == ["GET /b"]
