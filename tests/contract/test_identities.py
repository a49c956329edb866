"""References by name mean what JSON Schema says, and become plain ones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from forecourt.contract import Contract, read_contract
from forecourt.contract.dialect import Translated, translate
from forecourt.contract.one_sided import Direction
from forecourt.contract.validity import Judge
from forecourt.contract.values import decode, encode
from forecourt.diagnostics import Diagnostic
from tests.contract.builders import PATH, a_document, diagnostics_of
from tests.documents import beside

THING = {"$anchor": "thing", "type": "integer"}


def answering(schema: Any, schemas: dict[str, Any], **others: Any) -> str:
    """A document whose one operation answers with a schema."""
    content = {"application/json": {"schema": schema}}
    operation = {"get": {"responses": {"200": {"description": "", "content": content}}}}
    return a_document(paths={"/a": operation}, components={"schemas": schemas}, **others)


def read(text: str, files: dict[str, str] | None = None) -> tuple[Contract, tuple[Diagnostic, ...]]:
    contract, diagnostics = read_contract(text, PATH, (files or {}).get)
    assert contract is not None
    return contract, diagnostics


def takes(contract: Contract, value: Any) -> bool:
    """Whether the schema of the only answer takes a value."""
    (operation,) = contract.operations
    at = operation.responses[0].contents[0].schema
    assert at is not None
    translated = translate(
        decode(contract.document), at, openapi=contract.openapi, direction=Direction.RESPONSE
    )
    assert isinstance(translated, Translated), translated
    return Judge(translated, formats=False).accepts(value, translated.start)


# --- what is meant --------------------------------------------------------------------------------

_LIST = {"$dynamicAnchor": "node", "type": "array", "items": {"$dynamicRef": "#node"}}

# A schema, the schemas of the document, and what it takes and does not.
_CASES: dict[str, tuple[Any, dict[str, Any], Any, Any]] = {
    "an anchor": ({"$ref": "#thing"}, {"Thing": THING}, 1, "a"),
    "an anchor deep within": ({"$ref": "#thing"}, {"A": {"properties": {"a": THING}}}, 1, "a"),
    "an anchor in a property that is called as a keyword": (
        {"$ref": "#thing"},
        {"A": {"properties": {"example": THING}}},
        1,
        "a",
    ),
    "an identity": ({"$ref": "thing"}, {"A": {"$id": "thing", "type": "integer"}}, 1, "a"),
    "an identity that is a URL": (
        {"$ref": "https://acme.example/thing"},
        {"A": {"$id": "https://acme.example/thing", "type": "integer"}},
        1,
        "a",
    ),
    "an anchor of an identity": (
        {"$ref": "thing#thing"},
        {"A": {"$id": "thing", "$defs": {"B": THING}}},
        1,
        "a",
    ),
    "a pointer within an identity": (
        {"$ref": "thing"},
        {"A": {"$id": "thing", "$ref": "#/$defs/B", "$defs": {"B": {"type": "integer"}}}},
        1,
        "a",
    ),
    "one beside another": (
        {"$ref": "a/thing"},
        {"A": {"$id": "a/thing", "$ref": "other"}, "B": {"$id": "a/other", "type": "integer"}},
        1,
        "a",
    ),
    "a pointer that only the document has": (
        {"$ref": "thing"},
        {"A": {"$id": "thing", "$ref": "#/components/schemas/B"}, "B": {"type": "integer"}},
        1,
        "a",
    ),
    "the same anchor in two identities": (
        {"$ref": "b#thing"},
        {"A": {"$id": "a", **THING}, "B": {"$id": "b", "$anchor": "thing", "type": "string"}},
        "a",
        1,
    ),
    "a dynamic reference to one schema": (
        {"$ref": "#/components/schemas/L"},
        {"L": _LIST},
        [[]],
        [1],
    ),
    "a dynamic reference to an anchor": ({"$dynamicRef": "#thing"}, {"A": THING}, 1, "a"),
    "a dynamic reference beside a plain one": (
        {"$ref": "#/components/schemas/B", "$dynamicRef": "#thing"},
        {"A": THING, "B": {"minimum": 3}},
        3,
        2,
    ),
}


@pytest.mark.parametrize("name", _CASES)
def test_what_is_meant_is(name: str) -> None:
    schema, schemas, taken, refused = _CASES[name]
    contract, diagnostics = read(answering(schema, schemas))
    assert diagnostics == ()
    assert takes(contract, taken)
    assert not takes(contract, refused)


@pytest.mark.parametrize("reference", ["more.yaml#thing", "more.yaml#/$defs/B"])
def test_it_is_meant_in_another_file(reference: str) -> None:
    files = {"apis/shop/more.yaml": json.dumps({"$id": "urn:more", "$defs": {"B": THING}})}
    contract, diagnostics = read(answering({"$ref": reference}, {}), files)
    assert diagnostics == ()
    assert takes(contract, 1)
    assert not takes(contract, "a")


def test_a_file_beside_counts_where_no_identity_is_so_called() -> None:
    """Many write the address at which a file is published into it."""
    files = {
        "apis/shop/a.yaml": json.dumps({"$id": "https://acme.example/s/a", "$ref": "b.yaml"}),
        "apis/shop/b.yaml": json.dumps({"$id": "https://acme.example/s/b", "type": "integer"}),
    }
    contract, diagnostics = read(answering({"$ref": "a.yaml"}, {}), files)
    assert diagnostics == ()
    assert takes(contract, 1)


# --- what is not ----------------------------------------------------------------------------------


def complaint(text: str) -> str:
    (diagnostic,) = diagnostics_of(text)
    return f"{diagnostic.code} {diagnostic.message}"


def test_a_name_that_nothing_has_is_a_broken_reference() -> None:
    text = answering({"$ref": "#thing"}, {"A": {"$id": "a", **THING}})
    assert complaint(text) == (
        "FC106 `#thing` refers to something that is not in this document; `GET /a` is left out"
    )


@pytest.mark.parametrize("key", ["example", "default", "const", "enum", "x-more"])
def test_a_name_in_a_value_is_none(key: str) -> None:
    assert complaint(answering({"$ref": "#thing"}, {"A": {key: [THING]}})).startswith("FC106")


@pytest.mark.parametrize("name", ["http://[a", "//[", "#", "", "::"])
def test_whatever_it_is_called_nothing_is_raised(name: str) -> None:
    text = answering({"$ref": name}, {"A": {"$id": name, "$ref": f"{name}#thing"}})
    assert all(d.code.startswith("FC1") for d in diagnostics_of(text))


def test_a_name_means_nothing_in_3_0() -> None:
    text = answering({"$ref": "#thing"}, {"Thing": THING}, openapi="3.0.3")
    assert complaint(text).startswith("FC106")


def test_what_is_called_something_is_read_as_ever_in_3_0() -> None:
    schemas = {"A": {"$id": "a", "$ref": "#/components/schemas/B"}, "B": {"type": "integer"}}
    text = answering({"$ref": "#/components/schemas/A"}, schemas, openapi="3.0.3")
    contract, diagnostics = read(text)
    assert diagnostics == ()
    assert takes(contract, 1)
    assert not takes(contract, "a")


def test_a_dynamic_reference_that_leads_to_several_costs_the_operation() -> None:
    schemas = {
        "List": {"$id": "list", **_LIST},
        "Special": {"$id": "special", "$dynamicAnchor": "node", "$ref": "list"},
    }
    assert complaint(answering({"$ref": "#/components/schemas/Special"}, schemas)) == (
        "FC118 where `$dynamicRef` leads depends on the value; it is not followed;"
        " `GET /a` is left out"
    )


def test_values_that_look_like_names_are_kept() -> None:
    value = {"$id": "a", "$anchor": "b", "$ref": "#c"}
    schema = {"$anchor": "thing", "example": value, "properties": {"$id": {"const": value}}}
    contract, _ = read(answering({"$ref": "#thing"}, {"A": schema}))
    kept = json.loads(contract.document)["components"]["schemas"]["A"]
    assert kept == {"example": value, "properties": {"$id": {"const": value}}}


# --- the official suite ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["anchor", "dynamicRef", "ref", "unevaluatedProperties"])
def test_agrees_with_the_official_suite_or_leaves_out(name: str) -> None:
    suite = beside("json-schema-test-suite/tests/draft2020-12")
    groups = json.loads((suite / f"{name}.json").read_text())
    wrong, judged = [], 0
    for group in groups:
        schema = group["schema"]
        named = schema if isinstance(schema, bool) else {"$id": "suite", **schema}  # for `#` alone
        text = answering(named, {})
        contract, _ = read(text)
        if not contract.operations:
            continue
        judged += 1
        for test in group["tests"]:
            if takes(contract, decode(encode(test["data"]))) is not test["valid"]:
                wrong.append(f"{group['description']}: {test['description']}")
    assert wrong == []
    assert judged > len(groups) / 3
