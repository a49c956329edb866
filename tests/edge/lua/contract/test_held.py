"""What one of several alternatives hides leaves by none of the others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecourt.compiler.bundle.projection import View
from forecourt.contract.one_sided import Direction
from forecourt.estate.audience import Audience
from tests.edge.lua.contract.engine import ANSWERED, Engine, Filtered, compiled

ENGINE = Engine()
PARTNERS = View(audience=Audience.PARTNER, direction=Direction.RESPONSE)
OURS = {"x-audience": "partner"}
ANY: dict[str, Any] = {}
OPEN: dict[str, Any] = {"type": "object"}
HIDING = {"type": "object", "required": ["a"], "properties": {"a": ANY, "risk": OURS}}
RISK = '{"id":1,"risk":2,"x":3}'
NO_RISK = '{"id":1,"x":3}'


def leaves(schema: Any, body: str, view: View = ANSWERED) -> Filtered:
    return ENGINE.filter(ENGINE.load(compiled(schema, view=view)), body)


def obj(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


@pytest.mark.parametrize(
    "schema",
    [
        {"anyOf": [HIDING, OPEN]},
        {"oneOf": [HIDING, OPEN]},
        {"anyOf": [OPEN, HIDING, {**OPEN, "additionalProperties": True}]},
        {**OPEN, "additionalProperties": True, "oneOf": [HIDING, {"required": ["id"]}]},
        {**OPEN, "if": {"required": ["a"]}, "then": obj(risk=OURS)},
        {**OPEN, "if": {"required": ["id"]}, "else": obj(risk=OURS)},
        {**OPEN, "if": {"required": ["a"]}, "then": {**obj(risk=ANY), **OURS}},
        {**OPEN, "if": {"required": ["id"]}, "then": {**obj(risk=ANY), **OURS}},
        {**OPEN, "if": {**obj(risk=OURS), "required": ["a"]}, "then": OPEN},
        {**OPEN, "dependentSchemas": {"a": obj(risk=OURS)}},
        {**OPEN, "dependentSchemas": {"id": {**obj(risk=ANY), **OURS}}},
        {"anyOf": [OPEN, {**obj(risk=ANY), **OURS}]},
        {"anyOf": [OPEN, {"$ref": "#/$defs/ours"}], "$defs": {"ours": {**obj(risk=ANY), **OURS}}},
        {"anyOf": [OPEN, {"$ref": "#/$defs/it"}], "$defs": {"it": HIDING}},
        {"allOf": [{"anyOf": [HIDING, OPEN]}, OPEN]},
        {"allOf": [{**OPEN, "additionalProperties": True}, {"anyOf": [HIDING, OPEN]}]},
        {"anyOf": [OPEN, {"allOf": [{"anyOf": [{"allOf": [HIDING]}]}]}]},
        {
            "allOf": [
                {**OPEN, "additionalProperties": True},
                {"anyOf": [{"allOf": [obj(risk=ANY)]}], **OURS},
            ]
        },
        {"anyOf": [OPEN, {**OPEN, "patternProperties": {"^ri": OURS}, "required": ["a"]}]},
        {"anyOf": [OPEN, {"oneOf": [{"not": obj(risk=OURS)}], "required": ["a"]}]},
    ],
    ids=str,
)
def test_no_name_leaves_by_an_alternative_that_lets_anything_pass(schema: Any) -> None:
    assert leaves(schema, RISK).body == NO_RISK
    shown = leaves(schema, RISK, PARTNERS).body
    assert shown is not None
    assert '"risk":2' in shown


def around(schema: Any) -> Iterator[tuple[Any, str]]:
    """An alternative with a schema further in, and a body with a place for a value of it."""
    yield obj(order=schema), '{"order":%s}'
    yield {"type": "array", "items": schema}, "[%s]"
    yield {"type": "array", "prefixItems": [ANY, schema]}, "[0,%s]"
    yield {**OPEN, "additionalProperties": schema}, '{"any":%s}'
    yield {**OPEN, "patternProperties": {"^a": schema}}, '{"any":%s}'
    yield obj(a={"type": "array", "items": obj(b=schema)}), '{"a":[{"b":%s}]}'
    yield obj(a={"anyOf": [{"type": "string"}, schema]}), '{"a":%s}'
    yield obj(a={"if": {"type": "string"}, "else": schema}), '{"a":%s}'


@pytest.mark.parametrize(("inner", "body"), list(around(obj(risk=OURS))), ids=lambda s: str(s)[:60])
def test_nor_further_in(inner: Any, body: str) -> None:
    unmet = {"allOf": [inner, {"not": ANY}]}
    assert leaves({"anyOf": [ANY, unmet]}, body % RISK).body == body % NO_RISK
    hidden = leaves({"anyOf": [ANY, {**inner, **OURS}]}, body % RISK).body
    assert hidden is not None
    assert "risk" not in hidden


def test_nor_in_a_circle() -> None:
    node = {**obj(next={"$ref": "#/$defs/node"}, risk=OURS), "required": ["a"]}
    schema = {"anyOf": [OPEN, {"$ref": "#/$defs/node"}], "$defs": {"node": node}}
    body = '{"next":{"next":{"risk":1,"id":1},"risk":2},"risk":3}'
    assert leaves(schema, body).body == '{"next":{"next":{"id":1}}}'


def test_nor_what_only_the_other_side_writes() -> None:
    secret = {**obj(password={"writeOnly": True}), "required": ["a"]}
    assert leaves({"anyOf": [secret, OPEN]}, '{"password":1,"b":2}').body == '{"b":2}'


def test_a_name_leaves_that_an_alternative_names_which_the_value_keeps() -> None:
    named = {**obj(kind={"const": "open"}, risk=ANY), "required": ["kind"]}
    schema = {"oneOf": [HIDING, named], "type": "object"}
    assert leaves(schema, '{"kind":"open","risk":2}').body == '{"kind":"open","risk":2}'
    assert leaves(schema, '{"a":"open","risk":2}').body == '{"a":"open"}'
    assert leaves(schema, '{"a":1,"kind":"open","risk":2}').body == '{"a":1,"kind":"open"}'


def test_a_pattern_names_nothing() -> None:
    schema = {"anyOf": [HIDING, {**OPEN, "patternProperties": {"^r": ANY}}]}
    assert leaves(schema, '{"risk":1,"rust":2}').body == '{"rust":2}'


def test_items_leave_by_who_says_what_they_are() -> None:
    texts = {"type": "array", "items": {"type": "string"}}
    hidden = {"type": "array", "items": OURS, "minItems": 3}
    assert leaves({"anyOf": [texts, hidden]}, '["a"]').body == '["a"]'
    assert leaves({"anyOf": [{"type": "array"}, hidden]}, '["a"]').body == "[]"


@pytest.mark.parametrize("kind", [{"const": "Dog"}, {"enum": ["Dog"]}, {"type": "string"}], ids=str)
@pytest.mark.parametrize("mapping", [{}, {"mapping": {"Dog": "#/$defs/Dog"}}], ids=str)
def test_a_discriminator_leads_no_hidden_name_out(kind: Any, mapping: Any) -> None:
    schema = {
        "oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
        "discriminator": {"propertyName": "kind", **mapping},
        "$defs": {
            "Cat": {**obj(kind={"type": "string"}, meow=ANY), "additionalProperties": True},
            "Dog": {**obj(kind=kind, bark=ANY), **OURS},
        },
    }
    body = '{"kind":"Cat","meow":1,"bark":2,"x":3}'
    assert leaves(schema, body).body == '{"kind":"Cat","meow":1,"x":3}'
    assert leaves(schema, '{"kind":"Dog","meow":1,"bark":2}').body == '{"meow":1}'


# --- values ---------------------------------------------------------------------------------------

TIERS = {"enum": ["free", "gold", 7], "x-enum-audience": {"gold": "partner"}}


@pytest.mark.parametrize(
    ("schema", "kept", "hidden"),
    [
        ({"oneOf": [{"const": "free"}, {"const": "gold", **OURS}]}, '"free"', '"gold"'),
        ({"anyOf": [{"type": "string"}, {"const": "gold", **OURS}]}, '"free"', '"gold"'),
        ({"anyOf": [{"type": "string"}, {"enum": ["gold"], **OURS}]}, '"free"', '"gold"'),
        ({"anyOf": [{"type": "string"}, TIERS]}, '"free"', '"gold"'),
        ({"allOf": [{"anyOf": [{"type": "string"}, TIERS]}]}, '"free"', '"gold"'),
        ({"anyOf": [{"type": "string"}, {"anyOf": [TIERS]}]}, '"free"', '"gold"'),
        ({"oneOf": [{"const": 1}, {"const": 2, **OURS}]}, "1", "2.0"),
        ({"anyOf": [{"type": "integer"}, {"enum": [2], **OURS}]}, "1", "2"),
        ({"oneOf": [{"type": "integer"}, {"type": "string", **OURS}]}, "1", '"secret"'),
        ({"oneOf": [{"type": "string"}, {"type": "boolean", **OURS}]}, '"a"', "true"),
        ({"if": {"type": "integer"}, "then": {}, "else": TIERS}, '"free"', '"gold"'),
        ({"if": {"minLength": 9}, "then": TIERS}, '"free"', '"gold"'),
        (
            {"oneOf": [{"anyOf": [{"type": "integer"}, {"type": "string", **OURS}]}]},
            "1",
            '"secret"',
        ),
    ],
    ids=str,
)
def test_no_value_leaves_that_an_alternative_hides(schema: Any, kept: str, hidden: str) -> None:
    body = '{"a":%s,"b":1}'
    assert leaves(obj(a=schema, b=ANY), body % kept).body == body % kept
    assert leaves(obj(a=schema, b=ANY), body % hidden).body == '{"b":1}'
    assert leaves(obj(a=schema, b=ANY), body % hidden, PARTNERS).body == body % hidden
    listed = {"type": "array", "items": schema}
    assert leaves(listed, f"[{hidden},{kept}]").body == f"[{kept}]"
    assert leaves(schema, hidden) == Filtered(body=None, reason="undeclared")


def test_another_value_stands_in_where_the_alternative_names_one() -> None:
    schema = {"anyOf": [{"type": "string"}, {**TIERS, "x-enum-fallback": "free"}]}
    assert leaves(obj(a=schema), '{"a":"gold"}').body == '{"a":"free"}'


def test_a_value_leaves_that_another_alternative_names() -> None:
    schema = {"anyOf": [TIERS, {"enum": ["gold", "lead"]}]}
    assert leaves(schema, '"gold"').body == '"gold"'


def test_a_value_that_is_hidden_further_in_leaves_by_none() -> None:
    unmet = {**obj(tier=TIERS), "required": ["a"]}
    assert leaves({"anyOf": [OPEN, unmet]}, '{"tier":"gold","x":1}').body == '{"x":1}'


# --- whatever the schema --------------------------------------------------------------------------

_NAME = re.compile(r"n\d+")


@dataclass
class Making:
    """A schema by chance in which each name is used once, and a body with all of them."""

    draw: Any
    numbers: Iterator[int] = field(default_factory=count)
    hidden: set[str] = field(default_factory=set)

    def schema(self, depth: int, *, is_hidden: bool) -> tuple[dict[str, Any], Any]:
        is_marked = self.draw(st.integers(0, 5)) == 0
        is_hidden = is_hidden or is_marked
        mark = OURS if is_marked else {}
        ways = ["object", "object", "choice", "choice", "condition", "all", "list", "map"]
        way = "text" if depth == 0 else self.draw(st.sampled_from(ways))
        match way:
            case "text":
                return {"type": "string", **mark}, "a"
            case "list":
                inner, value = self.schema(depth - 1, is_hidden=is_hidden)
                return {"type": "array", "items": inner, **mark}, [value, value]
            case "map":
                inner, value = self.schema(depth - 1, is_hidden=is_hidden)
                return {"type": "object", "additionalProperties": inner, **mark}, {"free": value}
            case "object":
                return self.object(depth, is_hidden=is_hidden, mark=mark)
        made = [self.object(depth, is_hidden=is_hidden, mark={}) for _ in range(2)]
        whole = {k: v for _, value in made for k, v in value.items()}
        (one, _), (two, _) = made
        impossible = {"required": ["never"]}
        match way:
            case "all":
                return {"allOf": [one, {"type": "object", **two}], **mark}, whole
            case "condition":
                met = self.draw(st.booleans())
                return {"if": impossible if met else {}, "then": one, "else": two, **mark}, whole
            case _:
                open_one = self.draw(st.sampled_from([{}, {"type": "object"}, impossible]))
                unmet = {"allOf": [one, self.draw(st.sampled_from([{}, impossible]))]}
                keyword = self.draw(st.sampled_from(["anyOf", "oneOf"]))
                return {keyword: [unmet, two, open_one], **mark}, whole

    def object(
        self, depth: int, *, is_hidden: bool, mark: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        names = [f"n{next(self.numbers)}" for _ in range(self.draw(st.integers(1, 2)))]
        made = {}
        for name in names:
            schema, value = self.schema(depth - 1, is_hidden=is_hidden)
            if is_hidden or "x-audience" in schema:
                self.hidden.add(name)
            made[name] = schema, value
        more = self.draw(st.sampled_from([{}, {"additionalProperties": True}]))
        written = {"properties": {n: s for n, (s, _) in made.items()}, **more, **mark}
        return written, {n: v for n, (_, v) in made.items()}


@st.composite
def hiding(draw: Any) -> tuple[dict[str, Any], Any, set[str]]:
    making = Making(draw)
    schema, value = making.schema(3, is_hidden=False)
    return schema, value, making.hidden


@settings(max_examples=150, deadline=None)
@given(hiding())
def test_no_name_that_is_hidden_leaves_whatever_the_schema(
    made: tuple[dict[str, Any], Any, set[str]],
) -> None:
    schema, value, hidden = made
    found = leaves({"type": "object", "properties": {"root": schema}}, json.dumps({"root": value}))
    assert found.body is not None
    assert not hidden & set(_NAME.findall(found.body))
    again = leaves({"type": "object", "properties": {"root": schema}}, found.body)
    assert again.body is not None
    assert not hidden & set(_NAME.findall(again.body))
