"""Forms are read by `encoding`, as queries are by style, and judged as the object they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from forecourt.contract import read_contract
from tests.documents import beside
from tests.edge.lua.inward.incoming import Fault, Incoming, a_document, contract_of
from tests.edge.luajit import Lua

LUA = Lua()
FORM = "application/x-www-form-urlencoded"
PERSON = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "maxLength": 5},
        "age": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "integer"}},
        "address": {"type": "object", "properties": {"zip": {"type": "integer"}}},
    },
}


def incoming(schema: Any = PERSON, encoding: Mapping[str, Any] | None = None) -> Incoming:
    content: dict[str, Any] = {} if schema is None else {"schema": schema}
    if encoding is not None:
        content["encoding"] = encoding
    body = {"required": True, "content": {FORM: content}}
    return Incoming(LUA, contract_of(a_document(body=body, method="post")))


@pytest.mark.parametrize(
    ("form", "pointer", "rule"),
    [
        ("name=Ann&age=12&tags=1&tags=2", None, None),
        ("name=12&&age=-1", None, None),
        ("name=A+B%21", None, None),
        ("name=Ann&address=%7B%22zip%22%3A1%7D", None, None),
        ("name=Ann&address[zip]=1&tags[]=1&tags[]=2", None, None),
        ("name=Ann&other=1&other2[x]=2", None, None),
        ("age=12", "", "required"),
        ("name=Johnny", "/name", "maxLength"),
        ("name=Ann&age=x", "/age", "type"),
        ("name=Ann&tags=1&tags=x", "/tags/1", "type"),
        ("name=Ann&address[zip]=x", "/address/zip", "type"),
        ("name=Ann&address=%7B%22zip%22%3A%22x%22%7D", "/address/zip", "type"),
    ],
)
def test_judges(form: str, pointer: str | None, rule: str | None) -> None:
    found = incoming().body(form, FORM)
    assert found.reason == (None if rule is None else "body-invalid")
    assert [(f.pointer, f.rule) for f in found.faults] == (
        [] if rule is None else [(pointer, rule)]
    )


@pytest.mark.parametrize(
    ("form", "pointer", "rule"),
    [
        ("name=%zz", "/name", "encoding"),
        (b"name=\xff", "", "encoding"),
        ("name=%ff", "", "utf8"),
        ("name=a%00", "/name", "encoding"),
        ("%zz=1", "", "encoding"),
        ("name=a;name=b", "", "separator"),
        ("name=a&x=;", "", "separator"),
        ("name=a&name=b", "/name", "duplicate"),
        ("name=a&n%61me=b", "/name", "duplicate"),
        ("name=a&other=1&other=2", "/other", "duplicate"),
        ("name=a&address=%7B", "/address", "json"),
        ('name=a&address={},"name":"x"', "/address", "json"),
        ("name=a&address=1&address[zip]=1", "/address", "duplicate"),
        ("&".join(f"k{n}=1" for n in range(10_001)), "", "keys"),
    ],
)
def test_refuses_what_can_be_read_in_two_ways(form: str | bytes, pointer: str, rule: str) -> None:
    found = incoming().body(form, FORM)
    assert found.reason == "body-unparseable"
    assert [(f.pointer, f.rule) for f in found.faults] == [(pointer, rule)]


def test_reads_a_field_in_the_style_that_is_declared() -> None:
    encoding = {
        "tags": {"style": "pipeDelimited", "explode": False},
        "address": {"style": "deepObject", "explode": True},
    }
    asked = incoming(encoding=encoding)
    assert asked.body("name=a&tags=1|2&address[zip]=1", FORM).reason is None
    assert asked.body("name=a&tags=1&tags=2", FORM).rules == ("duplicate",)


def test_a_form_that_is_closed_refuses_other_fields() -> None:
    found = incoming({**PERSON, "additionalProperties": False}).body("name=a&x=1", FORM)
    assert found.faults == (Fault(where="body", pointer="/x", rule="additionalProperties"),)


def test_takes_digits_as_a_text_where_only_that_will_do() -> None:
    one = {"anyOf": [{"type": "integer", "maximum": 5}, {"type": "string", "minLength": 3}]}
    schema = {"type": "object", "properties": {"a": one}}
    assert incoming(schema).body("a=123", FORM).reason is None
    assert incoming(schema).body("a=12", FORM).reason == "body-invalid"


def test_a_form_without_a_schema_is_not_looked_into() -> None:
    found = incoming(None).body("%zz", FORM)
    assert (found.reason, found.has_waited) == (None, False)


@pytest.fixture(scope="module")
def charges() -> Incoming:
    """`POST /v1/charges` of a real document: a style for each field, and objects in objects."""
    written = beside("stripe/spec3-2022-11-15.yaml").read_text()
    contract, _ = read_contract(written, "stripe.openapi.yaml")
    assert contract is not None
    charges = contract.operation("POST", "/v1/charges")
    assert charges is not None
    return Incoming(LUA, replace(contract, operations=(charges,)))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "faults"),
    [
        (
            "amount=2000&currency=usd&source=tok_visa&metadata[order]=6735"
            "&expand[]=customer&shipping[name]=J&shipping[address][line1]=1%20Main",
            [],
        ),
        ("amount=lots&currency=usd", [("/amount", "type")]),
        ("metadata=&nonsense=1", [("/nonsense", "additionalProperties")]),
        ("shipping[address][line1]=x", [("/shipping", "required")]),
    ],
)
def test_judges_the_forms_of_a_real_document(
    charges: Incoming, form: str, faults: list[tuple[str, str]]
) -> None:
    found = charges.body(form, FORM)
    assert [(f.pointer, f.rule) for f in found.faults] == faults
