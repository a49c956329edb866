"""Parameters are read by their style, taken as what their schema admits, and judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.edge.lua.inward.incoming import Fault, Incoming, Outcome, a_document, contract_of
from tests.edge.lua.inward.parameter_cases import CASES, COLOR, INTEGER, TEXT, Case
from tests.edge.luajit import Lua

LUA = Lua()


def incoming(*parameters: Mapping[str, Any], **document: Any) -> Incoming:
    return Incoming(LUA, contract_of(a_document(parameters=parameters, **document)))


def in_query(name: str, schema: Mapping[str, Any] = INTEGER, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, **more}


def in_header(name: str, schema: Mapping[str, Any] = INTEGER, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "header", "schema": schema, **more}


def outcome_of(case: Case) -> Outcome:
    is_in_path = case.where == "path"
    asked = incoming(case.parameter, path="/things/{p}" if is_in_path else "/things")
    match case.where:
        case "query":
            return asked.parameters(case.sent)
        case "path":
            return asked.parameters(path=[case.sent])
        case "header":
            return asked.parameters(headers={"p": case.sent})
        case _:
            return asked.parameters(headers={"cookie": case.sent})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.claim)
def test_judges(case: Case) -> None:
    found = outcome_of(case)
    assert found.rules == case.breaks
    assert found.reason == ("parameters-invalid" if case.breaks else None)
    assert not found.has_waited


def test_says_where_which_rule_and_what_was_expected() -> None:
    asked = incoming(
        in_query("limit", {"type": "integer", "maximum": 100}),
        in_query("filter", COLOR, style="deepObject"),
        in_header("X-Mode", {"enum": ["a", "b"]}, required=True),
        {"name": "id", "in": "path", "required": True, "schema": INTEGER},
        path="/things/{id}",
    )
    found = asked.parameters("limit=101&filter[R]=x&what=1", path=["x"])
    assert found.faults == (
        Fault(where="path", name="id", rule="type", expected="integer"),
        Fault(where="query", name="what", rule="undeclared"),
        Fault(where="query", name="filter", pointer="/R", rule="type", expected="integer"),
        Fault(where="query", name="limit", rule="maximum", expected="100"),
        Fault(where="header", name="x-mode", rule="required"),
    )


def test_never_tells_a_value() -> None:
    asked = incoming(in_query("a"), in_query("b", COLOR, style="deepObject"), in_header("X-C"))
    found = asked.parameters("a=s3cret&b[R]=s3cret", headers={"x-c": "s3cret"})
    assert len(found.faults) == 3
    assert "s3cret" not in repr(found)


def test_lists_no_more_than_32() -> None:
    found = incoming().parameters("&".join(f"unknown{n}=1" for n in range(1000)))
    assert len(found.faults) == 32


def test_judges_a_value_of_which_nothing_is_said_for_its_encoding_alone() -> None:
    asked = incoming({"name": "p", "in": "query", "content": {"text/plain": {}}})
    assert asked.parameters("p=anything").reason is None
    assert asked.parameters("p=%ff").rules == ("encoding",)


# --- names that are not declared ------------------------------------------------------------------


def test_lets_unknown_names_pass_where_the_estate_does() -> None:
    assert incoming().parameters("a=1", unknown_parameters="pass").reason is None


@pytest.mark.parametrize("allowed", [True, False, "true"])
def test_lets_unknown_names_pass_where_the_operation_does(allowed: Any) -> None:
    asked = incoming(operation={"x-allow-unknown-parameters": allowed})
    assert (asked.parameters("a=1").reason is None) is (allowed is True)


def test_an_operation_may_be_stricter_than_its_document() -> None:
    key = "x-allow-unknown-parameters"
    assert incoming(**{key: True}).parameters("a=1").reason is None
    stricter = incoming(operation={key: False}, **{key: True})
    assert stricter.parameters("a=1").rules == ("undeclared",)


def test_an_object_whose_members_have_names_of_their_own_takes_what_its_schema_admits() -> None:
    free = incoming(in_query("p", {"type": "object", "additionalProperties": INTEGER}))
    assert free.parameters("a=1&b=2").reason is None
    assert free.parameters("a=x").rules == ("type",)


def test_such_an_object_may_have_no_members_although_it_is_required() -> None:
    needed = incoming(in_query("p", {"type": "object"}, required=True))
    assert needed.parameters().reason is None
    schema = {"type": "object", "required": ["a"]}
    assert incoming(in_query("p", schema, required=True)).parameters().rules == ("required",)


def test_other_headers_and_cookies_pass() -> None:
    asked = incoming(in_header("X-A"), {"name": "b", "in": "cookie", "schema": INTEGER})
    found = asked.parameters(headers={"x-a": "1", "x-other": "2", "cookie": "c=1; b=2"})
    assert found.reason is None


# --- what is no parameter -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["Accept", "Content-Type", "Authorization", "X-Api-Key", "API-Version"]
)
def test_ignores_headers_that_are_no_parameters(name: str) -> None:
    assert incoming(in_header(name, required=True)).parameters().reason is None


@pytest.mark.parametrize("where", ["query", "header", "cookie"])
def test_ignores_the_keys_of_the_contracts_security_schemes(where: str) -> None:
    scheme = {"type": "apiKey", "in": where, "name": "token"}
    declared = {"name": "token", "in": where, "required": True, "schema": INTEGER}
    asked = incoming(declared, components={"securitySchemes": {"key": scheme}})
    assert asked.parameters("token=x" if where == "query" else None).reason is None


def test_spaces_around_a_header_are_not_its_value() -> None:
    assert incoming(in_header("X-A")).parameters(headers={"x-a": " 12\t"}).reason is None


# --- twice ----------------------------------------------------------------------------------------


def test_refuses_a_header_twice_where_one_value_is_declared() -> None:
    found = incoming(in_header("X-A", TEXT)).parameters(headers={"x-a": ["1", "2"]})
    assert found.faults == (
        Fault(where="header", name="x-a", rule="duplicate", expected="one value"),
    )


def test_several_headers_of_one_name_are_a_list() -> None:
    asked = incoming(in_header("X-A", {"type": "array", "items": INTEGER}))
    assert asked.parameters(headers={"x-a": ["1", "2"]}).reason is None
    assert asked.parameters(headers={"x-a": ["1", "x"]}).rules == ("type",)


def test_several_cookie_fields_are_one() -> None:
    asked = incoming({"name": "p", "in": "cookie", "schema": INTEGER})
    assert asked.parameters(headers={"cookie": ["q=1", "p=2"]}).reason is None
    assert asked.parameters(headers={"cookie": ["p=1", "p=2"]}).rules == ("duplicate",)


# --- attacks --------------------------------------------------------------------------------------


def test_brackets_go_no_deeper_than_anybody_needs() -> None:
    asked = incoming(in_query("p", {"type": "object"}, style="deepObject"))
    assert asked.parameters("p" + "[a]" * 32 + "=1").reason is None
    assert asked.parameters("p" + "[a]" * 20_000 + "=1").rules == ("undeclared",)


def test_names_that_are_no_text_are_not_repeated() -> None:
    found = incoming().parameters("%ff=1&%zz=1")
    assert found.rules == ("encoding", "encoding")
    assert {fault.name for fault in found.faults} == {""}


def test_judges_a_query_of_60_kb_of_pairs_at_once() -> None:
    asked = incoming(in_query("p", {"type": "array", "items": INTEGER}))
    assert asked.parameters("p=1&" * 15_000, body_keys=10).reason is None
    assert asked.parameters("&".join(["p=1"] * 15_000 + ["p=x"])).rules == ("type",)


# --- what others judge ----------------------------------------------------------------------------

WORD = {"type": "string", "pattern": "(?=a)a"}


def asked_elsewhere(answer: Any) -> tuple[Incoming, list[tuple[str, str]]]:
    lua = Lua()
    told: list[tuple[str, str]] = []

    def judge(_: Any, __: Any, root: str, text: str, slot: int) -> Any:
        assert slot == 1
        told.append((root, text))
        return (
            lua.value(answer)
            if answer is None or isinstance(answer, bool)
            else tuple(lua.value(part) for part in answer)
        )

    asked = Incoming(lua, contract_of(a_document(parameters=[in_query("p", WORD)])))
    asked.inward["ask"](judge)
    return asked, told


def test_asks_others_about_what_it_cannot_judge() -> None:
    asked, told = asked_elsewhere(True)
    assert asked.parameters("p=a%22").reason is None
    assert told == [("1.query.p", '"a\\""')]


def test_says_what_others_say() -> None:
    asked, _ = asked_elsewhere((False, [{"pointer": "", "rule": "pattern", "expected": "(?=a)a"}]))
    assert asked.parameters("p=b").faults == (
        Fault(where="query", name="p", rule="pattern", expected="(?=a)a"),
    )


def test_asks_nobody_where_something_else_is_wrong() -> None:
    asked, told = asked_elsewhere(True)
    assert asked.parameters("p=a&q=1").rules == ("undeclared",)
    assert told == []


def test_refuses_where_nobody_is_there_to_judge() -> None:
    asked, _ = asked_elsewhere(None)
    assert asked.parameters("p=a").reason == "cannot-judge"
    assert incoming(in_query("p", WORD)).parameters("p=a").reason == "cannot-judge"
