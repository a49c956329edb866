"""Every way in which a body breaks its schema, told without its values."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from forecourt.compiler.bundle.projection import View
from forecourt.contract.one_sided import Direction
from forecourt.contract.openapi_3_0 import Dialect
from forecourt.estate.audience import Audience
from tests.edge.lua.contract.engine import Engine, Fault, compiled, spelled

ENGINE = Engine()
STRICT = View(audience=Audience.PUBLIC, direction=Direction.REQUEST, refuses_read_only=True)


def faults(schema: Any, body: Any, **options: Any) -> list[Fault]:
    loaded = ENGINE.load(compiled(schema, **options))
    verdict = ENGINE.judge(loaded, body if isinstance(body, str) else spelled(body))
    found = ENGINE.faults(loaded)
    assert verdict == (not found)
    return found


def fault(pointer: str, rule: str, expected: str | None = None) -> Fault:
    return Fault(pointer=pointer, rule=rule, expected=expected)


ORDER = {
    "type": "object",
    "required": ["id", "amount", "currency"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "minLength": 3, "maxLength": 8, "pattern": "^[a-z0-9]+$"},
        "amount": {"type": "integer", "minimum": 1, "multipleOf": 5},
        "currency": {"enum": ["EUR", "USD"]},
        "when": {"type": "string", "format": "date"},
        "items": {
            "type": "array",
            "minItems": 1,
            "maxItems": 2,
            "uniqueItems": True,
            "items": {"type": ["integer", "null"]},
        },
        "a/b": {"type": "boolean"},
    },
}


def test_lists_every_fault_in_the_order_of_the_body() -> None:
    body = '{"id":"A","amount":-2.0,"when":"soon","items":[1,"x",1.0],"a/b":1,"extra":true}'
    assert faults(ORDER, body) == [
        fault("", "required", "currency"),
        fault("/id", "minLength", "3"),
        fault("/id", "pattern", "^[a-z0-9]+$"),
        fault("/amount", "minimum", "1"),
        fault("/amount", "multipleOf", "5"),
        fault("/when", "format", "date"),
        fault("/items", "maxItems", "2"),
        fault("/items", "uniqueItems"),
        fault("/items/1", "type", "null or integer"),
        fault("/a~1b", "type", "boolean"),
        fault("/extra", "additionalProperties"),
    ]


def test_says_nothing_of_a_body_that_keeps_its_schema() -> None:
    assert faults(ORDER, '{"id":"abc","amount":10,"currency":"EUR","items":[null,2]}') == []


def test_never_tells_a_value() -> None:
    secret = "s3cret-5678"
    body = {"id": secret, "amount": secret, "currency": secret, "items": [secret], "a/b": secret}
    assert secret not in repr(faults(ORDER, body))


def test_stops_at_a_bound() -> None:
    found = faults({"items": {"type": "string"}}, json.dumps([1] * 1000))
    assert len(found) == 32
    assert ENGINE.lua.module("contract.faults").has_more is True


def test_cuts_long_names_between_characters() -> None:
    name = "é" * 200
    (found,) = faults({"additionalProperties": False}, {name: 1})
    assert found.pointer == "/" + "é" * 32 + "…"


@pytest.mark.parametrize(
    ("schema", "body", "expected"),
    [
        pytest.param({"maximum": 9007199254740992}, "9007199254740993", "maximum", id="past 2^53"),
        pytest.param({"exclusiveMinimum": 0.1}, "0.1", "exclusiveMinimum", id="a decimal bound"),
        pytest.param({"minimum": 0.1}, "0.09999999999999999999999", "minimum", id="digits"),
        pytest.param({"maximum": 10}, "1e400", "maximum", id="more than a double holds"),
        pytest.param({"multipleOf": 0.01}, "19.999", "multipleOf", id="cents"),
        pytest.param({"const": 1}, "1.01", "const", id="a number near another"),
        pytest.param({"const": [], "type": "null"}, "[]", "const", id="two kinds at once"),
        pytest.param({"maxLength": 2}, '"\\ud83d\\ude00éa"', "maxLength", id="by characters"),
        pytest.param({"minProperties": 1}, "{}", "minProperties", id="too few members"),
        pytest.param({"maxProperties": 1}, '{"a":1,"b":2}', "maxProperties", id="too many"),
        pytest.param({"propertyNames": {"maxLength": 1}}, '{"ab":1}', "maxLength", id="names"),
        pytest.param({"contains": {"const": 1}}, "[2]", "contains", id="without one"),
        pytest.param({"not": {"type": "string"}}, '"a"', "not", id="what must not be"),
        pytest.param({"dependentRequired": {"a": ["b"]}}, '{"a":1}', "dependentRequired", id="b"),
        pytest.param(
            {"anyOf": [{"minimum": 5}, {"multipleOf": 2}]}, "3", "anyOf", id="no alternative"
        ),
        pytest.param(
            {"oneOf": [{"minimum": 5}, {"multipleOf": 2}]}, "6", "oneOf", id="two alternatives"
        ),
        pytest.param(
            {"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": False},
            '{"a":1,"b":1}',
            "unevaluatedProperties",
            id="a member that nobody looked at",
        ),
        pytest.param(
            {"prefixItems": [{}], "unevaluatedItems": False},
            "[1,2]",
            "unevaluatedItems",
            id="an item that nobody looked at",
        ),
        pytest.param({"properties": {"a": False}}, '{"a":1}', "false", id="never"),
    ],
)
def test_tells_the_rule(schema: Any, body: str, expected: str) -> None:
    assert [f.rule for f in faults(schema, body)] == [expected]


@pytest.mark.parametrize(
    ("schema", "body"),
    [
        ({"maximum": 9007199254740993}, "9007199254740993"),
        ({"multipleOf": 0.01}, "19.99"),
        ({"enum": [1, "a", {"x": [1.5, None]}]}, '{"x":[15e-1,null]}'),
        ({"const": 100}, "1.00e2"),
        ({"type": "integer"}, "1.0"),
        ({"maxLength": 2}, '"\\ud83d\\ude00é"'),
        ({"properties": {"a": {"const": 1}}, "required": ["a"]}, '{"\\u0061":1}'),
    ],
)
def test_is_exact(schema: Any, body: str) -> None:
    assert faults(schema, body) == []


def test_of_alternatives_the_only_one_for_that_kind_says_what_is_wrong() -> None:
    schema = {"anyOf": [{"type": "null"}, {"type": "object", "required": ["a"]}]}
    assert faults(schema, "{}") == [fault("", "required", "a")]
    assert faults(schema, "1") == [fault("", "anyOf")]


PETS = {
    "oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
    "discriminator": {"propertyName": "kind", "mapping": {"hound": "#/$defs/Dog", "pup": "Dog"}},
    "$defs": {
        "Cat": {"type": "object", "required": ["lives"], "properties": {"lives": {"maximum": 9}}},
        "Dog": {"type": "object", "required": ["bark"], "properties": {"bark": {"minLength": 1}}},
    },
}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"kind":"Cat","lives":10}', fault("/lives", "maximum", "9")),
        ('{"kind":"Dog"}', fault("", "required", "bark")),
        ('{"kind":"hound","bark":""}', fault("/bark", "minLength", "1")),
        ('{"kind":"pup"}', fault("", "required", "bark")),
        ('{"kind":"Fish"}', fault("", "oneOf")),
        ('{"kind":1}', fault("", "oneOf")),
        ('{"kind":"Cat","lives":1,"bark":"a"}', fault("", "oneOf")),
    ],
)
def test_of_alternatives_the_one_that_was_meant_says_what_is_wrong(
    body: str, expected: Fault
) -> None:
    assert faults(PETS, body) == [expected]


# --- audiences and directions ---------------------------------------------------------------------


COST = {"properties": {"cost": {"x-audience": "partner", "type": "integer"}}}
UNKNOWN = [
    ({}, "1", []),
    ({"additionalProperties": False}, "1", ["additionalProperties"]),
    ({"unevaluatedProperties": False}, "1", ["unevaluatedProperties"]),
    ({"additionalProperties": {"type": "string"}}, "1", ["type"]),
    ({"additionalProperties": {"type": "string"}}, '"a"', []),
    ({"patternProperties": {"^[cw]": {"type": "string"}}}, "1", ["type"]),
    ({"minProperties": 1, "maxProperties": 1}, "1", []),
    ({"required": ["cost"]}, "1", []),
    ({"anyOf": [{"required": ["cost"]}, {"required": ["id"]}]}, "1", []),
    ({"dependentRequired": {"cost": ["id"]}}, "1", []),
    ({"dependentSchemas": {"cost": {"required": ["id"]}}}, "1", []),
    ({"allOf": [{"x-audience": "partner", "required": ["id"]}]}, "1", []),
    ({"if": {"required": ["id"]}, "else": {"x-audience": "partner", "not": {}}}, "1", []),
    ({"if": {"x-audience": "partner"}, "then": {"required": ["id"]}}, "1", []),
    ({"not": {"x-audience": "partner"}}, "1", []),
    ({"propertyNames": {"x-audience": "partner", "maxLength": 1}}, "1", []),
    ({"anyOf": [{"additionalProperties": False}, {"type": "object"}]}, "1", []),
]


@pytest.mark.parametrize(("more", "value", "rules"), UNKNOWN, ids=str)
def test_what_is_for_others_is_judged_as_what_nobody_has_named(
    more: Any, value: str, rules: list[str]
) -> None:
    found = {name: faults({**COST, **more}, f'{{"{name}":{value}}}') for name in ("cost", "what")}
    assert [f.rule for f in found["cost"]] == rules
    assert [str(f) for f in found["what"]] == [
        str(f).replace("/cost", "/what") for f in found["cost"]
    ]


def test_a_value_that_is_for_others_is_not_among_the_choices() -> None:
    schema = {"enum": ["free", "gold"], "x-enum-audience": {"gold": "partner"}}
    assert faults(schema, '"gold"') == [fault("", "enum", '"free"')]


def test_what_only_we_write_is_not_asked_for() -> None:
    schema = {"properties": {"id": {"readOnly": True}}, "required": ["id"]}
    assert faults(schema, "{}") == []
    assert faults(schema, '{"id":1}') == []
    assert faults(schema, '{"id":1}', view=STRICT) == [fault("/id", "undeclared")]


def test_openapi_3_0_has_a_dialect_of_its_own() -> None:
    old = {"type": "integer", "nullable": True, "minimum": 1, "exclusiveMinimum": True}
    assert faults(old, "null", dialect=Dialect.OPENAPI_3_0) == []
    assert [f.rule for f in faults(old, "1", dialect=Dialect.OPENAPI_3_0)] == ["exclusiveMinimum"]
    assert [f.rule for f in faults(old, "null")] == ["type"]


# --- attacks --------------------------------------------------------------------------------------

TREE = {
    "$defs": {
        "node": {
            "type": "object",
            "anyOf": [
                {"required": ["x"], "properties": {"c": {"$ref": "#/$defs/node"}}},
                {"required": ["y"], "properties": {"c": {"$ref": "#/$defs/node"}}},
                {"required": ["z"], "properties": {"c": {"$ref": "#/$defs/node"}}},
            ],
        }
    },
    "$ref": "#/$defs/node",
}


def _seconds(loaded: Any, body: str) -> float:
    start = time.process_time()
    ENGINE.judge(loaded, body)
    return time.process_time() - start


def test_gives_up_what_would_take_without_end() -> None:
    body = "{" + '"x":1,"y":1,"z":1,"c":{' * 60 + "}" * 61
    loaded = ENGINE.load(compiled(TREE))
    assert ENGINE.judge(loaded, body) is None
    assert _seconds(loaded, body) < 1


@pytest.mark.parametrize(
    ("schema", "attack"),
    [
        pytest.param({"pattern": "^(a+)+$"}, lambda n: '"' + "a" * n + '!"', id="a regular bomb"),
        pytest.param({"pattern": "(x+x+)+y"}, lambda n: '"' + "x" * n + '"', id="another"),
        pytest.param(
            {"multipleOf": 0.01, "minimum": 5}, lambda n: "9" * n + "." + "9" * n, id="digits"
        ),
        pytest.param({"const": 1}, lambda n: "1" + "0" * n, id="zeros"),
        pytest.param({"uniqueItems": True}, lambda n: str(list(range(n // 4))), id="items"),
        pytest.param({"enum": ["a", "b"]}, lambda n: '"' + "a" * n + '"', id="a long choice"),
        pytest.param(
            {"additionalProperties": False},
            lambda n: "{" + ",".join(f'"k{i}":0' for i in range(n // 8)) + "}",
            id="unknown members",
        ),
    ],
)
def test_takes_ten_times_as_long_for_ten_times_as_much_of(schema: Any, attack: Any) -> None:
    loaded = ENGINE.load(compiled(schema))
    small, large = attack(20_000), attack(200_000)
    _seconds(loaded, large)
    # A hundred times as long, if it were each with each; caches and neighbours cost a little.
    soonest = [min(_seconds(loaded, body) for _ in range(5)) for body in (small, large)]
    assert soonest[1] < 60 * max(soonest[0], 1e-4)
