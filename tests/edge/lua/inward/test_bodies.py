"""Bodies are read by their media type and judged; what nobody looks into is not waited for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.edge.lua.inward.incoming import Fault, Incoming, a_document, contract_of
from tests.edge.luajit import Lua

LUA = Lua()
ORDER = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "integer", "readOnly": False},
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 3}},
    },
}


def incoming(content: Mapping[str, Any] | None, *, required: bool = True, **more: Any) -> Incoming:
    body = None if content is None else {"required": required, "content": content}
    return Incoming(LUA, contract_of(a_document(body=body, method="post", **more)))


def of_json(schema: Any = ORDER, **more: Any) -> Incoming:
    return incoming({"application/json": {} if schema is None else {"schema": schema}}, **more)


# --- JSON -----------------------------------------------------------------------------------------


def test_lets_a_body_pass_that_keeps_its_schema() -> None:
    found = of_json().body('{"id":12345678901234567890,"tags":["a"],"other":1}')
    assert found.reason is None
    assert found.has_waited


def test_lists_every_fault_of_a_body() -> None:
    found = of_json().body('{"id":"x","tags":["a","abcd"]}')
    assert found.reason == "body-invalid"
    assert found.faults == (
        Fault(where="body", pointer="/id", rule="type", expected="integer"),
        Fault(where="body", pointer="/tags/1", rule="maxLength", expected="3"),
    )


def test_undeclared_members_are_refused_only_where_the_schema_closes_itself() -> None:
    closed = of_json({**ORDER, "additionalProperties": False})
    found = closed.body('{"id":1,"other":1}')
    assert found.faults == (Fault(where="body", pointer="/other", rule="additionalProperties"),)


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("{", "syntax"),
        ("{} {}", "trailing"),
        ('{"id":1,"\\u0069d":2}', "duplicate"),
        (b'{"id":"\xff"}', "utf8"),
        ('{"id":01}', "number"),
        ('{"a":"\\ud800"}', "surrogate"),
        ("\ufeff{}", "syntax"),
        ("[" * 65 + "]" * 65, "depth"),
        ("{" + ",".join(f'"k{n}":1' for n in range(10_001)) + "}", "keys"),
    ],
)
def test_refuses_what_is_no_json(body: str | bytes, rule: str) -> None:
    found = of_json().body(body)
    assert (found.reason, found.rules) == ("body-unparseable", (rule,))


def test_says_which_measure_was_passed() -> None:
    found = of_json().body("[" * 65 + "]" * 65)
    assert found.faults == (Fault(where="body", pointer="", rule="depth", expected="64"),)


@pytest.mark.parametrize("is_declared", [True, False])
def test_refuses_more_than_the_caller_may_send(is_declared: bool) -> None:
    fits = '{"id":1,"x":"' + "x" * (1024 * 1024 - 15) + '"}'
    assert len(fits) == 1024 * 1024
    assert of_json().body(fits, is_declared=is_declared).reason is None
    assert of_json().body(fits + " ", is_declared=is_declared).reason == "body-too-large"


def test_huge_numbers_and_texts_are_judged_like_others() -> None:
    schema = {"type": "object", "properties": {"n": {"maximum": 5}, "t": {"maxLength": 5}}}
    found = of_json(schema).body(json.dumps({"t": "x" * 900_000})[:-1] + ',"n":' + "9" * 9000 + "}")
    assert found.rules == ("maxLength", "maximum")


def test_any_json_will_do_where_there_is_no_schema() -> None:
    assert of_json(None).body("[1]").reason is None
    assert of_json(None).body("[1").reason == "body-unparseable"


def test_a_body_that_takes_too_long_to_judge_is_refused() -> None:
    node = {"$ref": "#/components/schemas/Node"}
    branches = [
        {
            "type": "object",
            "required": [letter],
            "properties": {letter: {"const": 1}, "c": node},
        }
        for letter in "xyz"
    ]
    asked = of_json(node, components={"schemas": {"Node": {"anyOf": [*branches, {"const": 1}]}}})
    found = asked.body("{" + '"x":1,"y":1,"z":1,"c":{' * 60 + "}" * 61)
    assert (found.reason, found.rules) == ("body-invalid", ("complexity",))


def test_read_only_members_pass_and_are_not_required() -> None:
    schema = {"type": "object", "required": ["id"], "properties": {"id": {"readOnly": True}}}
    assert of_json(schema).body("{}").reason is None
    assert of_json(schema).body('{"id":1}').reason is None


# --- media types ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "media_type",
    [
        "application/json",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/json; version=1",
        "application/json ; charset=utf-8 ; q=1",
    ],
)
def test_accepts(media_type: str) -> None:
    assert of_json().body('{"id":1}', media_type).reason is None


@pytest.mark.parametrize(
    "media_type",
    [
        None,
        "",
        "json",
        "text/json",
        "application/jsonp",
        "application/vnd.acme+json",
        "application/json; charset=utf-16",
        "application/json; charset=utf-8; charset=utf-16",
        "application/json, text/html",
        "application/json,application/json",
        "application/json;",
        "application/json; charset",
        "application/json; charset=utf\u00e98",
        "application/x-www-form-urlencoded",
        "text/plain",
        "*/*",
    ],
)
def test_refuses(media_type: str | None) -> None:
    found = of_json().body('{"id":1}', media_type)
    assert found.reason == "media-type-not-supported"
    assert found.fields == {"accept": "application/json", "accept-post": "application/json"}


def test_says_what_may_come_as_the_method_has_it() -> None:
    found = of_json().body("{}", "text/plain", method="PUT")
    assert found.fields == {"accept": "application/json"}
    found = of_json().body("{}", "text/plain", method="PATCH")
    assert found.fields == {"accept": "application/json", "accept-patch": "application/json"}


def test_a_field_that_came_twice_is_none() -> None:
    twice = {"content-type": ["application/json", "text/plain"]}
    found = of_json().body("{}", None, headers=twice)
    assert found.reason == "media-type-not-supported"


def test_the_narrowest_media_type_counts() -> None:
    asked = incoming(
        {
            "*/*": {"schema": {"const": "any"}},
            "application/*": {"schema": {"const": "application"}},
            "application/json": {"schema": {"const": "json"}},
            "application/json; version=2": {"schema": {"const": "two"}},
            "application/vnd.acme+json": {"schema": {"const": "acme"}},
        }
    )
    for media_type, word in [
        ("application/json", "json"),
        ("application/json; version=1", "json"),
        ("application/json; version=2", "two"),
        ("application/vnd.acme+json", "acme"),
        ("application/other+json", "application"),
        ("text/json", "any"),
    ]:
        assert asked.body(f'"{word}"', media_type).reason is None, media_type
        assert asked.body('"x"', media_type).rules == ("const",), media_type


def test_what_is_under_a_range_and_no_json_is_not_looked_into() -> None:
    found = incoming({"*/*": {"schema": {"const": 1}}}).body("x", "image/png")
    assert found.reason is None
    assert not found.has_waited


RANGED = {"required": ["id"], "properties": {"id": {"type": "integer"}}}
PART = '--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n{}\r\n--b--\r\n'


@pytest.mark.parametrize(
    ("declared", "sent", "form"),
    [
        ("*/*", "application/x-www-form-urlencoded", "id={}"),
        ("application/*", "application/x-www-form-urlencoded; charset=utf-8", "id={}"),
        ("*/*", "multipart/form-data; boundary=b", PART),
        ("multipart/*", "multipart/form-data; boundary=b", PART),
        ("*/*", "Application/X-WWW-Form-URLencoded", "id={}"),
    ],
)
def test_a_form_under_a_range_is_judged_as_a_form(declared: str, sent: str, form: str) -> None:
    asked = incoming({declared: {"schema": RANGED}})
    assert asked.body(form.format("1"), sent).reason is None
    assert asked.body(form.format("x"), sent).rules == ("type",)
    assert asked.body(form.format("1").replace("id", "no"), sent).rules == ("required",)
    assert asked.body("%zz", sent).reason == "body-unparseable"


def test_a_form_under_a_range_that_says_nothing_is_not_looked_into() -> None:
    found = incoming({"*/*": {}}).body("%zz", "application/x-www-form-urlencoded")
    assert (found.reason, found.has_waited) == (None, False)


def test_remembers_only_so_many_spellings_of_a_media_type() -> None:
    asked = of_json()
    for n in range(100):
        assert asked.body('{"id":1}', f"application/json; a={n}").reason is None
    known = asked.loaded["operations"][1]["body"]["known"]
    assert known["count"] <= 16
    assert len(list(known["by"])) <= 16


@pytest.mark.parametrize("coding", ["gzip", "br", "gzip, identity", "x"])
def test_refuses_what_is_compressed_where_it_must_be_judged(coding: str) -> None:
    found = of_json().body("{}", headers={"content-encoding": coding})
    assert found.reason == "media-type-not-supported"
    assert found.fields == {"accept-encoding": "identity"}
    streamed = incoming({"image/png": {}})
    assert streamed.body("x", "image/png", headers={"content-encoding": coding}).reason is None


def test_identity_is_no_coding() -> None:
    assert of_json().body('{"id":1}', headers={"content-encoding": "identity"}).reason is None


# --- there or not ---------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [None, ""])
@pytest.mark.parametrize("media_type", ["application/json", None])
def test_a_body_that_is_demanded_must_come(body: str | None, media_type: str | None) -> None:
    found = of_json().body(body, media_type)
    assert found.reason == "body-missing"
    assert found.faults == (Fault(where="body", pointer="", rule="required"),)


@pytest.mark.parametrize("body", [None, ""])
@pytest.mark.parametrize("media_type", ["application/json", "text/plain", None])
def test_a_body_that_is_not_demanded_may_be_missing(
    body: str | None, media_type: str | None
) -> None:
    assert of_json(required=False).body(body, media_type).reason is None


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
@pytest.mark.parametrize("is_declared", [True, False])
def test_refuses_a_body_where_none_is_declared(method: str, is_declared: bool) -> None:
    asked = incoming(None)
    assert asked.body("x", method=method, is_declared=is_declared).reason == "body-unexpected"
    assert asked.body("", method=method, is_declared=is_declared).reason is None
    assert asked.body(None, method=method).reason is None


# --- what is not looked into ----------------------------------------------------------------------


def test_other_media_types_are_not_waited_for() -> None:
    asked = incoming({"image/png": {"schema": {"type": "string", "format": "binary"}}})
    found = asked.body("x", "image/png")
    assert (found.reason, found.has_waited) == (None, False)
    found = asked.body("", "image/png")
    assert (found.reason, found.has_waited) == ("body-missing", False)


def test_without_a_length_they_are_waited_for_and_measured() -> None:
    content = {"image/png": {}}
    assert incoming(content).body("x", "image/png", is_declared=False).reason is None
    assert incoming(content).body(None, "image/png").reason == "body-missing"
    found = incoming(content).body("xx", "image/png", is_declared=False, body_bytes=1)
    assert found.reason == "body-too-large"


# --- what others judge ----------------------------------------------------------------------------

WORD = {"type": "string", "pattern": "(?=a)a"}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (True, None),
        ((False, [{"pointer": "", "rule": "pattern"}]), "body-invalid"),
        (None, "cannot-judge"),
    ],
)
def test_others_judge_what_the_edge_cannot(answer: Any, reason: str | None) -> None:
    lua = Lua()
    told = []

    def judge(_: Any, __: Any, root: str, text: str, slot: int) -> Any:
        told.append((root, text, slot))
        if isinstance(answer, tuple):
            return tuple(lua.value(part) for part in answer)
        return answer

    body = {"content": {"application/json": {"schema": WORD}}}
    asked = Incoming(lua, contract_of(a_document(body=body, method="post")))
    asked.inward["ask"](judge)
    assert asked.body('"a"').reason == reason
    assert told == [("1.body.1", '"a"', 1)]
    assert asked.body('"a').reason == "body-unparseable"
    assert len(told) == 1


def test_a_body_that_nobody_can_judge_does_not_pass() -> None:
    assert of_json(WORD).body('"a"').reason == "cannot-judge"
