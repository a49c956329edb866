"""What is hidden from a caller is to it as what nobody has named, and goes no further."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.edge.lua.inward.incoming import Incoming, Outcome, a_document, contract_of
from tests.edge.luajit import Lua

LUA = Lua()
OURS: dict[str, Any] = {"x-audience": "partner"}
ORDER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "risk": {"type": "integer", **OURS},
        "line": {"type": "object", "properties": {"cost": OURS, "sku": {}}},
        "lines": {
            "type": "array",
            "items": {"anyOf": [{"required": ["sku"], "properties": {"cost": OURS}}, {}]},
        },
    },
}
CLOSED = {**ORDER, "additionalProperties": False}
# `(?=a)` is not for the edge to judge.
LOOKS_AHEAD = {"pattern": "^(?=a)"}
ELSEWHERE = {**ORDER, "properties": {**ORDER["properties"], "word": LOOKS_AHEAD}}


def taking(media_type: str, schema: Any, **more: Any) -> Incoming:
    content = {media_type: {"schema": schema, **more}}
    return Incoming(LUA, contract_of(a_document(method="post", body={"content": content})))


def asked(*parameters: Any, **operation: Any) -> Incoming:
    return Incoming(LUA, contract_of(a_document(parameters=parameters, operation=operation)))


def said(outcome: Outcome, name: str) -> Outcome:
    """What a caller learns, with another name in the place of its own."""
    faults = tuple(
        replace(
            fault,
            pointer=fault.pointer and fault.pointer.replace(name, "…"),
            name=fault.name and fault.name.replace(name, "…"),
        )
        for fault in outcome.faults
    )
    return Outcome(reason=outcome.reason, faults=faults, fields=outcome.fields)


def judged_elsewhere(answer: bool = True) -> None:
    LUA.run(f"require('forecourt.inward').ask(function() return {str(answer).lower()}, {{}} end)")


@pytest.mark.parametrize("schema", [ORDER, ELSEWHERE], ids=["here", "elsewhere"])
@pytest.mark.parametrize(
    ("body", "name", "rest"),
    [
        ('{"id":1,"risk":2}', "risk", '{"id":1}'),
        ('{ "r\\u0069sk" : {"a":[]} , "id":1 }', "risk", '{ "id":1 }'),
        ('{"line":{"sku":1,"cost":[1],"x":1.10}}', "cost", '{"line":{"sku":1,"x":1.10}}'),
        ('{"lines":[{"cost":1},{"sku":1,"cost":1}]}', "cost", '{"lines":[{},{"sku":1}]}'),
        ('{"other":{"risk":1}}', "risk", '{"other":{"risk":1}}'),
    ],
)
def test_a_hidden_member_goes_no_further(schema: Any, body: str, name: str, rest: str) -> None:
    judged_elsewhere()
    order = taking("application/json", schema)
    found, unknown = order.body(body), order.body(body.replace(name, "what"))
    assert (found.reason, found.body, found.length) == (None, rest, str(len(rest)))
    assert said(found, name) == said(unknown, "what")


@pytest.mark.parametrize(
    ("schema", "body"),
    [
        (CLOSED, '{"%s":1}'),
        ({**ORDER, "additionalProperties": {"type": "string"}}, '{"%s":1}'),
        ({**ORDER, "required": ["risk", "id"]}, '{"%s":1}'),
        ({**ORDER, "propertyNames": {"maxLength": 2}}, '{"%s":1}'),
        ({**ORDER, "unevaluatedProperties": False}, '{"%s":1}'),
        ({**ORDER, "minProperties": 2}, '{"%s":1}'),
        ({**ORDER, "anyOf": [{"required": ["risk"]}, {"required": ["id"]}]}, '{"%s":1}'),
    ],
    ids=str,
)
def test_a_hidden_member_is_refused_in_the_words_for_any_other(schema: Any, body: str) -> None:
    order = taking("application/json", schema)
    found, unknown = order.body(body % "risk"), order.body(body % "what")
    assert said(found, "risk") == said(unknown, "what")


def test_what_was_observed_goes_on_as_it_came() -> None:
    body = '{"id":1,"risk":2}'
    found = taking("application/json", ORDER).body(body, request_check="observe")
    assert (found.reason, found.body) == (None, body)


# --- what cannot be cut ---------------------------------------------------------------------------

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"


def multipart(**fields: str) -> str:
    head = 'Content-Disposition: form-data; name="{}"'
    parts = "".join(f"--b\r\n{head.format(n)}\r\n\r\n{v}\r\n" for n, v in fields.items())
    return parts + "--b--\r\n"


@pytest.mark.parametrize("schema", [ORDER, CLOSED, ELSEWHERE], ids=["open", "closed", "elsewhere"])
def test_a_form_that_hides_a_field_takes_only_those_that_it_names(schema: Any) -> None:
    judged_elsewhere()
    form, parts = taking(FORM, schema), taking("multipart/form-data", schema)

    def sent(name: str) -> list[Outcome]:
        inner = {"sku": 1, "cost" if name == "risk" else name: 1}
        return [
            form.body(urlencode({"id": "1", name: "1"}), FORM),
            form.body(urlencode({name: "{"}), FORM),
            form.body(urlencode({"line": json.dumps(inner)}), FORM),
            form.body(f"id=1&{name}[a]=1", FORM),
            form.body(f"{name}=1&{name}=2", FORM),
            parts.body(multipart(id="1", **{name: "1"}), MULTIPART),
        ]

    for found, unknown in zip(sent("risk"), sent("what"), strict=True):
        assert said(said(found, "risk"), "cost") == said(unknown, "what")
        assert found.reason in ("body-invalid", "body-unparseable")
        assert set(found.rules) <= {"undeclared", "additionalProperties", "duplicate"}
    assert form.body(urlencode({"id": "1"}), FORM).reason is None
    assert form.body("line[sku]=1", FORM).reason is None
    assert parts.body(multipart(id="1"), MULTIPART).reason is None


@pytest.mark.parametrize("style", [{"style": "deepObject"}, {}], ids=["in brackets", "spread"])
def test_a_parameter_takes_only_the_members_that_it_names(style: Any) -> None:
    filter_ = asked({"name": "f", "in": "query", "schema": ORDER, **style})
    written = "f[{}]=1" if style else "{}=1"
    hidden, unknown = (filter_.parameters(written.format(n)) for n in ("risk", "what"))
    assert said(hidden, "risk") == said(unknown, "what")
    assert hidden.reason == "parameters-invalid"
    assert filter_.parameters(written.format("id")).reason is None


# --- parameters -----------------------------------------------------------------------------------

DEEP = {"name": "deep", "in": "query", "schema": {"type": "integer"}, **OURS}
ROLE = {"name": "role", "in": "cookie", "schema": {"type": "integer"}, **OURS}
ID = {"name": "id", "in": "query", "schema": {"type": "integer"}}
OPEN = {"x-allow-unknown-parameters": True}


@pytest.mark.parametrize(
    ("query", "rest"),
    [
        ("deep=1", ""),
        ("id=1&deep=x&a=%20+b", "?id=1&a=%20+b"),
        ("%64eep=1&deep[a]=1&deep%5Ba=1&deep&a=1", "?a=1"),
        ("xdeep=1&deeper=1", "?xdeep=1&deeper=1"),
    ],
)
def test_a_hidden_parameter_goes_no_further_where_others_may_come(query: str, rest: str) -> None:
    found = asked(DEEP, ID, **OPEN).parameters(query)
    assert (found.reason, found.path) == (None, f"/things{rest}")
    passing = asked(DEEP, ID).parameters(query, unknown_parameters="pass")
    assert (passing.reason, passing.path) == (None, f"/things{rest}")


def test_a_hidden_parameter_is_refused_as_others_are() -> None:
    things = asked(DEEP, ID)
    for query in ("{}=1", "{}[a]=1", "{}=1&id=x"):
        found, unknown = (things.parameters(query.format(n)) for n in ("deep", "what"))
        assert said(found, "deep") == said(unknown, "what")
        assert found.reason == "parameters-invalid"


def test_a_hidden_cookie_goes_no_further() -> None:
    things = asked(ROLE, {"name": "id", "in": "cookie", "schema": {"type": "integer"}})
    for sent, rest in (
        ("role=root", None),
        ("role=a; id=1;role =b;x=2", "id=1;x=2"),
        ("a=1;\trole=root", "a=1"),
    ):
        found = things.parameters(headers={"cookie": sent})
        assert (found.reason, found.cookie) == (None, rest)
    assert things.parameters(headers={"cookie": "role=1; id=x"}).rules == ("type",)
