"""What a contract does not declare does not leave; what it declares leaves as it came."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.compiler.bundle.projection import View
from forecourt.contract.one_sided import Direction
from forecourt.estate.audience import Audience
from tests.edge.lua.contract.engine import ANSWERED, Engine, Filtered, compiled

ENGINE = Engine()
PARTNERS = View(audience=Audience.PARTNER, direction=Direction.RESPONSE)


def leaves(schema: Any, body: str, view: View = ANSWERED) -> Filtered:
    bundle = compiled(schema, view=view)
    return ENGINE.filter(ENGINE.load(bundle), body)


def obj(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


ANY: dict[str, Any] = {}


@pytest.mark.parametrize(
    ("schema", "body", "expected"),
    [
        pytest.param(obj(a=ANY), '{"a":1,"b":2}', '{"a":1}', id="the last member"),
        pytest.param(obj(b=ANY), '{"a":1,"b":2}', '{"b":2}', id="the first member"),
        pytest.param(obj(b=ANY), '{ "a":1 , "b":2 , "c":3 }', '{ "b":2 }', id="spaces"),
        pytest.param(
            obj(a=ANY, c=ANY), '{"a":1,"b":2,"bb":2,"c":3}', '{"a":1,"c":3}', id="in the middle"
        ),
        pytest.param(obj(z=ANY), '{"a":1,"b":{"z":1}}', "{}", id="all of them"),
        pytest.param(obj(z=ANY), "{}", "{}", id="nothing in nothing"),
        pytest.param(obj(), '{"a":1}', "{}", id="declared to be empty"),
        pytest.param(
            obj(o=obj(a=ANY)), '{"o":{"a":1,"b":2},"p":3}', '{"o":{"a":1}}', id="at depth"
        ),
        pytest.param(
            obj(l={"type": "array", "items": obj(a=ANY)}),
            '{"l":[{"a":1,"b":2},{"b":3},{}]}',
            '{"l":[{"a":1},{},{}]}',
            id="in items",
        ),
        pytest.param(
            obj(a=ANY),
            '{"\\u0061":1,"\\u0062":2}',
            '{"\\u0061":1}',
            id="a name in disguise, which stays as it was written",
        ),
        pytest.param(obj(é=ANY), '{"\\u00e9":1,"e":2}', '{"\\u00e9":1}', id="a letter"),
        pytest.param(
            obj(n=ANY, d=ANY, s=ANY),
            '{"n":12345678901234567890,"x":0,"d":1.10,"s":"\\ud83d\\ude00\\/"}',
            '{"n":12345678901234567890,"d":1.10,"s":"\\ud83d\\ude00\\/"}',
            id="numbers and texts as they were written",
        ),
        pytest.param({"type": "object"}, '{"a":{"b":1}}', '{"a":{"b":1}}', id="said nothing"),
        pytest.param({}, '{"a":{"b":1}}', '{"a":{"b":1}}', id="anything"),
        pytest.param(True, '[{"b":1}]', '[{"b":1}]', id="true"),
        pytest.param(
            {**obj(a=obj(b=ANY)), "additionalProperties": True},
            '{"a":{"b":1,"c":2},"d":{"e":1}}',
            '{"a":{"b":1},"d":{"e":1}}',
            id="others allowed",
        ),
        pytest.param(
            {**obj(), "additionalProperties": obj(x=ANY)},
            '{"k":{"x":1,"y":2}}',
            '{"k":{"x":1}}',
            id="others with a schema",
        ),
        pytest.param(
            {"patternProperties": {"^x-": obj(a=ANY)}},
            '{"x-1":{"a":1,"b":2},"y":1}',
            '{"x-1":{"a":1}}',
            id="names of a pattern",
        ),
        pytest.param(
            {"allOf": [obj(a=obj(x=ANY)), obj(b=ANY, a=obj(y=ANY))]},
            '{"a":{"x":1,"y":2,"z":3},"b":2,"c":3}',
            '{"a":{"x":1,"y":2},"b":2}',
            id="all of several",
        ),
        pytest.param(
            {
                "anyOf": [
                    {**obj(k={"const": 1}, m=ANY), "required": ["k"]},
                    {**obj(k={"const": 2}, n=ANY), "required": ["k"]},
                ]
            },
            '{"k":1,"m":2,"n":3}',
            '{"k":1,"m":2}',
            id="the branch that it satisfies",
        ),
        pytest.param(
            {"anyOf": [obj(a=ANY), obj(b=ANY)]},
            '{"a":1,"b":2,"c":3}',
            '{"a":1,"b":2}',
            id="the union of the branches that it satisfies",
        ),
        pytest.param(
            {
                "oneOf": [
                    {**obj(a=ANY), "additionalProperties": False, "required": ["a"]},
                    {**obj(b=ANY), "additionalProperties": False, "required": ["b"]},
                ]
            },
            '{"a":1,"leak":2}',
            '{"a":1}',
            id="a closed branch, satisfied once the leak is gone",
        ),
        pytest.param(
            {**obj(a=ANY), "anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
            '{"a":1,"b":2}',
            '{"a":1}',
            id="branches that are conditions open nothing",
        ),
        pytest.param(
            {"oneOf": [{**obj(a={"type": "string"}), "required": ["a"]}, {"type": "null"}]},
            '{"a":1,"b":2}',
            '{"a":1}',
            id="the only branch for objects, though it is not satisfied",
        ),
        pytest.param(
            {
                "if": {"properties": {"k": {"const": 1}}},
                "then": obj(m=ANY),
                "else": obj(n=ANY),
            },
            '{"k":2,"m":1,"n":1}',
            '{"n":1}',
            id="what a condition leads to",
        ),
        pytest.param(
            {"prefixItems": [obj(a=ANY)], "items": obj(b=ANY)},
            '[{"a":1,"b":1},{"a":1,"b":1}]',
            '[{"a":1},{"b":1}]',
            id="items by their place",
        ),
        pytest.param(
            {"allOf": [obj(a=ANY)], "properties": {"b": ANY}, "unevaluatedProperties": False},
            '{"a":1,"b":2,"c":3}',
            '{"a":1,"b":2}',
            id="closed around all its parts",
        ),
        pytest.param(
            {"prefixItems": [ANY], "items": False}, "[1, 2 ,3]", "[1]", id="items too many"
        ),
        pytest.param(
            obj(s={"type": "string"}),
            '{"s":{"secret":1}}',
            '{"s":{}}',
            id="where a text is declared",
        ),
        pytest.param(
            {"items": {"allOf": [obj(a=ANY)]}},
            '[[{"a":1}]]',
            "[[]]",
            id="where an object is declared",
        ),
        pytest.param(
            obj(b={"enum": ["a", 1]}), '{"b":{"x":1}}', '{"b":{}}', id="where choices are declared"
        ),
        pytest.param(
            {"$defs": {"n": {**obj(v=ANY, n={"$ref": "#/$defs/n"})}}, "$ref": "#/$defs/n"},
            '{"v":1,"n":{"v":2,"x":0,"n":{"x":0,"v":3}}}',
            '{"v":1,"n":{"v":2,"n":{"v":3}}}',
            id="circles",
        ),
        pytest.param(
            obj(a=ANY, w={"writeOnly": True}), '{"a":1,"w":"secret"}', '{"a":1}', id="write-only"
        ),
    ],
)
def test_leaves(schema: Any, body: str, expected: str) -> None:
    assert leaves(schema, body).body == expected


def test_says_where_something_was_removed() -> None:
    found = leaves(
        obj(l={"type": "array", "items": obj(a={"type": "string"})}),
        '{"l":[{"x/y":1},{"x/y":2,"a":3}],"m":"secret"}',
    )
    assert found.removed == ("/l/*/x~1y", "/m")
    assert found.mismatched == ("/l/*/a",)


def test_a_property_of_another_kind_is_counted_and_stays() -> None:
    found = leaves(obj(a={"type": "string"}), '{"a":1}')
    assert (found.body, found.removed, found.mismatched) == ('{"a":1}', (), ("/a",))


def test_what_fits_no_branch_is_counted_and_declares_nothing() -> None:
    branch = {**obj(a={"type": "string"}), "required": ["a"]}
    other = {**obj(b={"type": "string"}), "required": ["b"]}
    found = leaves(obj(o={"oneOf": [branch, other]}), '{"o":{"a":1,"c":2}}')
    assert (found.body, found.mismatched) == ('{"o":{}}', ("/o",))


def test_what_fits_no_branch_leaves_by_the_one_that_it_says_it_means() -> None:
    schema = {
        "oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
        "discriminator": {"propertyName": "kind"},
        "$defs": {
            "Cat": obj(kind=ANY, lives={"type": "integer"}),
            "Dog": {**obj(kind=ANY, bark={"type": "string"}), "required": ["bark"]},
        },
    }
    body = '{"kind":"Cat","lives":"nine","bark":1}'
    assert leaves(schema, body).body == '{"kind":"Cat","lives":"nine"}'


@pytest.mark.parametrize(
    "unknown",
    [{"$ref": "other.json"}, {"$dynamicRef": "#a"}, {"items": [{}]}],
    ids=["another file", "a dynamic reference", "items of older drafts"],
)
def test_nothing_leaves_by_a_schema_that_cannot_be_told(unknown: Any) -> None:
    body = '{"a":{"secret":1},"b":[{"secret":1}]}'
    found = leaves(obj(a=unknown, b=unknown), body)
    assert found.body == '{"a":{},"b":[]}'


PROJECTED = {
    **obj(
        id=ANY,
        cost={"type": "integer", "x-audience": "partner"},
        ref={"$ref": "#/$defs/inner"},
        tier={"enum": ["free", "gold"], "x-enum-audience": {"gold": "partner"}},
        plan={
            "enum": ["free", "gold"],
            "x-enum-audience": {"gold": "partner"},
            "x-enum-fallback": "free",
        },
        tiers={
            "type": "array",
            "items": {"enum": ["free", "gold"], "x-enum-audience": {"gold": "partner"}},
        },
    ),
    "additionalProperties": True,
    "$defs": {"inner": {"type": "object", "x-audience": "internal"}},
}
BODY = '{"id":1,"cost":5,"ref":{},"tier":"gold","plan":"gold","tiers":["gold","free"],"x":1}'


def test_what_is_for_others_does_not_leave_even_where_anything_may() -> None:
    found = leaves(PROJECTED, BODY)
    assert found.body == '{"id":1,"plan":"free","tiers":["free"],"x":1}'
    assert found.removed == ("/cost", "/ref", "/tier", "/tiers/*")


OPEN = {"type": "object", "properties": {"id": ANY}, "additionalProperties": True}
OURS = {"type": "object", "properties": {"id": ANY, "risk": ANY}, "x-audience": "internal"}


@pytest.mark.parametrize(
    "schema",
    [
        {"allOf": [OPEN, OURS]},
        {"allOf": [OPEN, {"$ref": "#/$defs/ours"}], "$defs": {"ours": OURS}},
        {**OPEN, "allOf": [OURS]},
        {"$ref": "#/$defs/both", "$defs": {"both": {"allOf": [{"allOf": [OURS]}, OPEN]}}},
    ],
    ids=["beside it", "by reference", "around it", "further in"],
)
def test_what_a_hidden_part_names_does_not_leave_by_one_that_lets_anything_pass(
    schema: Any,
) -> None:
    assert leaves(schema, '{"id":1,"risk":2,"x":3}').body == '{"id":1,"x":3}'


@pytest.mark.parametrize(
    "schema",
    [{"allOf": [OURS]}, {"allOf": [OURS, {"type": "object"}]}, {"oneOf": [OURS]}],
    ids=["alone", "with nothing said beside it", "as the only choice"],
)
def test_a_body_of_which_all_is_hidden_does_not_leave_whole(schema: Any) -> None:
    found = leaves({"type": "object", "properties": {"a": schema}}, '{"a":{"id":1,"risk":2}}')
    assert found.body == "{}"


def test_an_audience_sees_what_is_marked_for_it() -> None:
    expected = BODY.replace('"ref":{},', "")
    assert leaves(PROJECTED, BODY, PARTNERS).body == expected


def test_a_body_that_is_a_value_for_others_does_not_leave() -> None:
    schema = {"enum": ["free", "gold"], "x-enum-audience": {"gold": "partner"}}
    assert leaves(schema, '"free"').body == '"free"'
    assert leaves(schema, '"gold"') == Filtered(body=None, reason="undeclared")
