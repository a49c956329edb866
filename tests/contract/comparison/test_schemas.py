"""Schemas are compared by what they mean, not by how they are written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from forecourt.contract import read_contract
from forecourt.contract.comparison import compare
from forecourt.contract.comparison.verdict import Verdict
from forecourt.estate.audience import Audience
from forecourt.estate.posture import POSTURES
from tests.contract.comparison.documents import (
    TODAY,
    answering,
    changes,
    document,
    in_answers,
    in_requests,
    kinds,
    operation,
    receiving,
)

_TEXT = {"type": "string"}
_MONEY = {"type": "object", "required": ["amount"], "properties": {"amount": {"type": "integer"}}}
_CARD = {"type": "object", "required": ["number"], "properties": {"number": _TEXT}}
_BANK = {"type": "object", "required": ["iban"], "properties": {"iban": _TEXT}}
_SHARED = {"schemas": {"Money": _MONEY, "Card": _CARD, "Bank": _BANK}}
_IF = {"if": {"required": ["a"]}, "then": {"required": ["b"]}}
_CODE = {"schemas": {"Code": {**_TEXT, "pattern": "^a"}}}
_REF = {"$ref": "#/components/schemas/Money"}

SAME: dict[str, tuple[Any, Any]] = {
    "words that mean nothing": ({"type": "object"}, {"type": "object", "closed": True}),
    "other words that mean nothing": ({"type": "object"}, {"type": "object", "sealed": True}),
    "what was inline is referred to": (_MONEY, _REF),
    "a reference is the only part": (_REF, {"allOf": [_REF]}),
    "a reference is the only alternative": (_REF, {"oneOf": [_REF]}),
    "parts are written as one": (
        {
            "allOf": [
                {"required": ["amount"]},
                {"properties": _MONEY["properties"]},
                {"type": "object"},
            ]
        },
        _MONEY,
    ),
    "one type is a list of one": (_TEXT, {"type": ["string"]}),
    "null is an alternative": (
        {"type": ["string", "null"], "maxLength": 3},
        {"anyOf": [{"type": "string", "maxLength": 3}, {"type": "null"}]},
    ),
    "types are alternatives": (
        {"type": ["string", "integer"]},
        {"oneOf": [{"type": "integer"}, _TEXT]},
    ),
    "values are alternatives": (
        {"enum": ["a", "b"]},
        {"oneOf": [{"const": "b", "title": "B"}, {"const": "a"}]},
    ),
    "a constant is a list of one": ({"const": 1}, {"enum": [1.0]}),
    "an integer is a number, too": ({"type": ["integer", "number"]}, {"type": "number"}),
    "alternatives stand in another order": (
        {"oneOf": [_CARD, _BANK, _TEXT]},
        {"oneOf": [_TEXT, _BANK, _CARD]},
    ),
    "an alternative is referred to": (
        {"oneOf": [_CARD, _BANK]},
        {"oneOf": [{"$ref": "#/components/schemas/Bank"}, _CARD]},
    ),
    "a bound says what always holds": (_TEXT, {"type": "string", "minLength": 0}),
    "every text matches": (_TEXT, {"type": "string", "pattern": ".*"}),
    "others are allowed, as they are anyway": (_MONEY, {**_MONEY, "additionalProperties": True}),
    "a bound is of values that do not fit": (_TEXT, {"type": "string", "minimum": 4}),
    "a bound of integers is written otherwise": (
        {"type": "integer", "exclusiveMinimum": 0, "maximum": 9},
        {"type": "integer", "minimum": 0.5, "exclusiveMaximum": 10},
    ),
    "two groups of alternatives stand in another order": (
        {"allOf": [{"oneOf": [_CARD, _BANK]}, {"oneOf": [_MONEY, _CARD]}]},
        {"allOf": [{"oneOf": [_CARD, _MONEY]}, {"oneOf": [_CARD, _BANK]}]},
    ),
    "`contains` demands nothing": (
        {"type": "array"},
        {"type": "array", "contains": _TEXT, "minContains": 0},
    ),
    "`minContains` counts nothing": ({"type": "array"}, {"type": "array", "minContains": 3}),
    "nothing follows from `if`": (_MONEY, {**_MONEY, "if": {"required": ["a"]}}),
    "descriptions are other": (_MONEY, {**_MONEY, "description": "Cents", "title": "Money"}),
}


@pytest.mark.parametrize(("old", "new"), SAME.values(), ids=SAME)
def test_finds_nothing_where(old: Any, new: Any) -> None:
    for before, after in ((old, new), (new, old)):
        assert not in_requests(before, after, **_SHARED)
        assert not in_answers(before, after, **_SHARED)


def test_finds_nothing_where_nullable_becomes_a_type() -> None:
    nullable = {"type": "string", "nullable": True}
    old = {**answering(nullable), "openapi": "3.0.3"}
    assert not kinds(old, answering({"type": ["string", "null"]}))
    assert kinds(old, answering(_TEXT)) == ["response-null-refused"]


def test_finds_nothing_where_an_exclusive_bound_is_written_as_3_1_does() -> None:
    old = {
        **receiving({"type": "number", "minimum": 1, "exclusiveMinimum": True}),
        "openapi": "3.0.3",
    }
    assert not kinds(old, receiving({"type": "number", "exclusiveMinimum": 1}))


NARROWER: dict[str, tuple[Any, Any]] = {
    "a bound": ({"type": "integer"}, {"type": "integer", "maximum": 9}),
    "a type": ({"type": ["string", "null"]}, _TEXT),
    "a value": ({"enum": ["a", "b"]}, {"enum": ["a"]}),
    "a property that must be there": ({**_MONEY, "required": []}, _MONEY),
    "an alternative": ({"oneOf": [_CARD, _BANK]}, {"oneOf": [_CARD]}),
    "items": ({"type": "array", "items": {}}, {"type": "array", "items": _TEXT}),
    "the first item": ({"type": "array"}, {"type": "array", "prefixItems": [_TEXT]}),
    "other properties": (_MONEY, {**_MONEY, "additionalProperties": _TEXT}),
    "any value": ({}, _TEXT),
    "what follows a condition": (
        {"if": _CARD, "then": {"required": ["number"]}},
        {"if": _CARD, "then": {"required": ["number", "until"]}},
    ),
    "what is excluded": ({"not": {"enum": ["a"]}}, {"not": {"enum": ["a", "b"]}}),
    "a second pattern": (
        {"allOf": [{**_TEXT, "pattern": "^a"}]},
        {"allOf": [{**_TEXT, "pattern": "^a"}, {"pattern": "z$"}]},
    ),
    "a pattern beside a reference": (
        {"$ref": "#/components/schemas/Code"},
        {"$ref": "#/components/schemas/Code", "pattern": "z$"},
    ),
    "a second format": (
        {**_TEXT, "format": "uri"},
        {**_TEXT, "format": "uri", "allOf": [{"format": "email"}]},
    ),
    "a second divisor": (
        {"type": "integer", "multipleOf": 2},
        {"type": "integer", "multipleOf": 2, "allOf": [{"multipleOf": 3}]},
    ),
    "a second exclusion": (
        {**_TEXT, "allOf": [{"not": {"const": "a"}}]},
        {**_TEXT, "allOf": [{"not": {"const": "b"}}, {"not": {"const": "a"}}]},
    ),
    "a second item that is asked for": (
        {"type": "array", "contains": {"const": 1}},
        {"type": "array", "contains": {"const": 1}, "allOf": [{"contains": {"const": 2}}]},
    ),
    "a second condition": (
        _IF,
        {**_IF, "allOf": [{"if": {"required": ["c"]}, "then": {"required": ["d"]}}]},
    ),
    "a second demand of one property": (
        {"dependentRequired": {"a": ["b"]}},
        {"dependentRequired": {"a": ["b"]}, "allOf": [{"dependentRequired": {"a": ["c"]}}]},
    ),
}


@pytest.mark.parametrize(("wide", "narrow"), NARROWER.values(), ids=NARROWER)
def test_lets_requests_grow_more_liberal_only(wide: Any, narrow: Any) -> None:
    old, new = (receiving(schema, **_CODE) for schema in (wide, narrow))
    assert _worst(new, old) is Verdict.SAFE
    assert _worst(old, new) is Verdict.BREAKING


@pytest.mark.parametrize(("wide", "narrow"), NARROWER.values(), ids=NARROWER)
def test_lets_answers_grow_more_precise_only(wide: Any, narrow: Any) -> None:
    old, new = (answering(schema, **_CODE) for schema in (wide, narrow))
    assert _worst(old, new) is Verdict.SAFE
    assert _worst(new, old) >= Verdict.RISKY


def _worst(old: dict[str, Any], new: dict[str, Any]) -> Verdict:
    found = changes(old, new)
    assert found
    return max(change.verdict for change in found)


_OTHER: dict[str, tuple[Any, Any]] = {
    "one of many digits is another": ({"enum": [10**40 + 1]}, {"enum": [10**40 + 2]}),
    "divisors are far apart": ({"multipleOf": 3}, {"multipleOf": 7e99}),
    "one that was of a type has another": (
        {"type": "object", "additionalProperties": _TEXT},
        {
            "type": "object",
            "properties": {"x": {"type": "integer"}},
            "additionalProperties": _TEXT,
        },
    ),
}


@pytest.mark.parametrize(("old", "new"), _OTHER.values(), ids=_OTHER)
def test_breaks_both_ways_where(old: Any, new: Any) -> None:
    for before, after in ((old, new), (new, old)):
        assert _worst(receiving(before), receiving(after)) is Verdict.BREAKING
        assert _worst(answering(before), answering(after)) is Verdict.BREAKING


def test_a_required_property_need_not_be_declared() -> None:
    declared = {"type": "object", "properties": {"a": _TEXT}}
    required = {"type": "object", "required": ["a"]}
    assert "request-property-became-required" in in_requests(declared, required)
    assert "response-property-became-optional" in in_answers(required, declared)
    named = {**required, "additionalProperties": _TEXT}
    assert in_answers(named, declared | {"additionalProperties": _TEXT}) == [
        "response-property-became-optional"
    ]


def test_nothing_unevaluated_is_as_closed_as_nothing_additional() -> None:
    def of(*names: str) -> dict[str, Any]:
        properties = dict.fromkeys(names, _TEXT)
        return {"type": "object", "properties": properties, "unevaluatedProperties": False}

    assert in_requests(of("a", "b"), of("a")) == ["request-property-refused"]
    assert in_answers(of("a"), of("a", "b")) == ["response-property-added-to-closed"]


def test_names_of_a_pattern_were_names_of_all_others_before() -> None:
    others = {"type": "object", "additionalProperties": _TEXT}
    closed = {"type": "object", "additionalProperties": False}
    numbers = {"patternProperties": {"^x-": {"type": "integer"}}}
    assert in_requests(others, {**others, **numbers}) == ["request-type-changed"]
    assert in_requests(closed, {**closed, **numbers}) == ["request-other-properties-allowed"]
    assert in_requests({**closed, **numbers}, closed) == ["request-other-properties-refused"]


def test_a_pattern_that_is_not_understood_is_risky() -> None:
    def of(**properties: Any) -> dict[str, Any]:
        patterns = {"^(?=a)": {"type": "integer"}}
        return {"type": "object", "properties": properties, "patternProperties": patterns}

    for around in (receiving, answering):
        assert _worst(around(of()), around(of(a=_TEXT))) is Verdict.RISKY
        assert _worst(around(of(a=_TEXT)), around(of())) is Verdict.RISKY


def test_a_pattern_that_others_try_for_ever_is_tried_once() -> None:
    slow = {"type": "object", "patternProperties": {"^(a+)+$": _TEXT}}
    new = {**slow, "properties": {"a" * 45: _TEXT, "a" * 45 + "!": _TEXT}}
    assert in_answers(slow, new) == ["response-property-added"]


def test_a_number_too_large_to_write_is_a_value() -> None:
    read, _ = read_contract(json.dumps(answering({"enum": [0]})).replace("[0]", "[1e9999999]"), "a")
    other, _ = read_contract(json.dumps(answering({"enum": [0]})).replace("[0]", "[1]"), "a")
    assert read is not None
    assert other is not None
    postures = {a: POSTURES[a] for a in Audience}
    found = compare(read, other, today=TODAY, postures=postures).changes
    assert {c.kind.id for c in found} == {
        "response-enum-value-removed",
        "response-enum-value-added",
    }


def test_finds_one_schema_that_became_one_of_several() -> None:
    assert in_requests(_CARD, {"oneOf": [_BANK, _CARD]}) == ["request-alternative-added"]
    assert in_answers(_CARD, {"oneOf": [_BANK, _CARD]}) == ["response-alternative-added"]
    assert in_requests({"oneOf": [_BANK, _CARD]}, _CARD) == ["request-alternative-removed"]


def test_finds_a_change_within_an_alternative() -> None:
    longer = {**_CARD, "properties": {"number": _TEXT, "name": _TEXT}}
    (change,) = changes(answering({"oneOf": [_CARD, _BANK]}), answering({"oneOf": [_BANK, longer]}))
    assert change.kind.id == "response-property-added"
    assert change.where == "answer 200: it(#1)"


def test_takes_an_empty_alternative_for_no_other_one() -> None:
    anything = {"type": "object"}
    old, new = {"anyOf": [_CARD, _BANK, anything]}, {"anyOf": [_BANK, anything]}
    assert in_requests(old, new) == ["request-alternative-removed"]


def test_tells_what_many_share_once_at_its_nearest_place() -> None:
    def shop(money: Any) -> dict[str, Any]:
        answer = {"200": {"description": "", "content": {"application/json": {"schema": _REF}}}}
        paths = {
            "/orders": {"get": {"responses": _answer({"properties": {"total": _REF}})}},
            "/prices": {"get": {"responses": answer}, "post": {"responses": answer}},
        }
        return document(paths=paths, components={"schemas": {"Money": money}})

    (change,) = changes(shop(_MONEY), shop({**_MONEY, "required": []}))
    assert change.operations == ("GET /prices", "GET /orders", "POST /prices")
    assert change.where == "answer 200"
    assert change.old == ("components", "schemas", "Money", "required")
    assert change.new == ("components", "schemas", "Money", "properties", "amount")


def _answer(schema: Any) -> dict[str, Any]:
    return {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}


def test_tells_what_goes_both_ways_for_each_way() -> None:
    content = {"application/json": {"schema": _REF}}
    paths = {
        "/prices": {"put": operation(requestBody={"content": content}, responses=_answer(_REF))}
    }

    def shop(money: Any) -> dict[str, Any]:
        return document(paths=paths, components={"schemas": {"Money": money}})

    found = changes(shop(_MONEY), shop({**_MONEY, "required": []}))
    assert {c.kind.id: c.verdict for c in found} == {
        "request-property-became-optional": Verdict.SAFE,
        "response-property-became-optional": Verdict.BREAKING,
    }


def test_goes_round_a_circle_once() -> None:
    def tree(**node: Any) -> dict[str, Any]:
        inner = {"$ref": "#/components/schemas/Node"}
        properties = {"name": _TEXT, "left": inner, "others": {"type": "array", "items": inner}}
        schemas = {"Node": {"type": "object", "properties": {**properties, **node}}}
        return answering({"$ref": "#/components/schemas/Node"}, schemas=schemas)

    assert not changes(tree(), tree())
    (change,) = changes(tree(), tree(name={"type": "integer"}))
    assert change.where == "answer 200: it.name"


def test_goes_round_a_circle_of_alternatives() -> None:
    inner = {"$ref": "#/components/schemas/Node"}

    def tree(*more: Any) -> dict[str, Any]:
        branches = [{"type": "array", "items": inner}, {"allOf": [inner]}, _TEXT, *more]
        return receiving(inner, schemas={"Node": {"anyOf": branches}})

    assert not changes(tree(), tree())
    assert "request-alternative-removed" in kinds(tree(_CARD), tree())


def test_goes_round_a_circle_of_one_alternative() -> None:
    inner = {"$ref": "#/components/schemas/Node"}
    old = receiving(inner, schemas={"Node": {"oneOf": [inner], "maxLength": 3}})
    new = receiving(inner, schemas={"Node": {"oneOf": [inner], "maxLength": 2}})
    assert kinds(old, new) == ["request-max-length-lowered"]


def test_tells_alternatives_of_one_title_apart() -> None:
    titled = [{**_CARD, "title": "Way"}, {**_BANK, "title": "Way"}]
    assert not in_answers({"oneOf": titled}, {"oneOf": titled[::-1]})
    twice = {"oneOf": [_CARD, _CARD, _BANK]}
    assert not in_answers(twice, twice)


def test_says_no_more_of_a_value_that_is_another_altogether() -> None:
    assert in_answers(_MONEY, {"type": "string", "maxLength": 9}) == ["response-type-changed"]


def test_asks_nothing_of_requests_that_is_read_only() -> None:
    def with_id(**said: Any) -> Any:
        return {"type": "object", "properties": {"id": {"readOnly": True, **said}}}

    assert not in_requests(with_id(type="string"), with_id(type="integer"))
    assert in_answers(with_id(type="string"), with_id(type="integer"))


def test_takes_any_text_for_what_is_written_in_a_query() -> None:
    def asking(schema: Any) -> dict[str, Any]:
        limit = {"name": "limit", "in": "query", "schema": schema}
        return document(paths={"/things": {"get": operation(parameters=[limit])}})

    assert kinds(asking({"type": "integer"}), asking(_TEXT)) == ["request-type-widened"]
    assert kinds(asking(_TEXT), asking({"type": "integer"})) == ["request-type-narrowed"]
    assert not kinds(asking({}), asking(_TEXT))


def test_a_word_of_nobody_hides_no_change() -> None:
    old = {"type": "object", "closed": True, "additionalProperties": {"type": "string"}}
    new = old | {"additionalProperties": {"type": "integer"}}
    assert in_requests(old, new) == ["request-type-changed"]


def test_many_demands_are_compared_in_time() -> None:
    def demanding(letter: str) -> Any:
        return {"allOf": [{"not": {"const": f"{letter}{n}"}} for n in range(400)]}

    assert in_requests(demanding("a"), demanding("b"))
