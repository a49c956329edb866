"""Judging and filtering need nothing that the sandbox takes away."""

from __future__ import annotations

from tests.edge.lua.contract.engine import ANSWERED, Engine, compiled

SCHEMA = {
    "properties": {"a": {"pattern": "^a+$", "minimum": 1.5}, "b": {"uniqueItems": True}},
    "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
    "unevaluatedProperties": False,
}


def test_a_bundle_is_loaded_and_used_after_the_sandbox_is_closed() -> None:
    engine = Engine()
    engine.lua.module("sandbox").close()
    loaded = engine.load(compiled(SCHEMA, view=ANSWERED))
    assert engine.judge(loaded, '{"a":"aaa"}') is True
    assert engine.judge(loaded, '{"b":[1,1.0],"c":1.25}') is False
    assert [f.rule for f in engine.faults(loaded)] == ["uniqueItems", "unevaluatedProperties"]
    assert engine.filter(loaded, '{"b":[1],"c":1.25}').body == '{"b":[1]}'
