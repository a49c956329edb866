"""The edge and an independent validator, on schemas and values made at random."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.edge.lua.contract.engine import ANSWERED, Engine, compiled
from tests.edge.lua.contract.schemas import contracts, made_for, mutated, schemas, values

pytestmark = pytest.mark.slow

ENGINE = Engine()
many = settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def theirs(schema: Any) -> jsonschema_rs.Draft202012Validator:
    try:
        return jsonschema_rs.Draft202012Validator(schema)
    except jsonschema_rs.ValidationError:
        assume(False)
        raise


@many
@given(schemas(), st.lists(values(), min_size=1, max_size=4))
def test_agree_on_any_value(schema: Any, bodies: list[Any]) -> None:
    bundle = compiled(schema, formats=frozenset())
    assume(not bundle.roots[0].inexact)
    loaded, validator = ENGINE.load(bundle), theirs(schema)
    for body in bodies:
        assert ENGINE.judge(loaded, json.dumps(body)) == validator.is_valid(body), body


@many
@given(schemas(), st.data())
def test_agree_on_values_that_were_made_for_the_schema(schema: Any, data: st.DataObject) -> None:
    bundle = compiled(schema, formats=frozenset())
    assume(not bundle.roots[0].inexact)
    loaded, validator = ENGINE.load(bundle), theirs(schema)
    made = made_for(schema)
    for body in data.draw(st.lists(made | st.tuples(made, values()).map(mutated), max_size=4)):
        assert ENGINE.judge(loaded, json.dumps(body)) == validator.is_valid(body), body


# --- the filter -----------------------------------------------------------------------------------


def names_in(schema: Any) -> set[str]:
    """Every name that a schema declares anywhere."""
    match schema:
        case dict():
            own = schema.get("properties")
            declared = set(own) if isinstance(own, dict) else set()
            return declared.union(*map(names_in, schema.values()))
        case list():
            return set().union(*map(names_in, schema))
        case _:
            return set()


def is_open(schema: Any) -> bool:
    """Whether anything may pass somewhere in it."""
    match schema:
        case dict():
            if not schema or schema.get("additionalProperties", False) is not False:
                return True
            inner = [*schema.get("properties", {}).values()]
            inner += [schema[k] for k in ("items", "allOf", "anyOf", "oneOf") if k in schema]
            return any(map(is_open, inner))
        case list():
            return any(map(is_open, schema))
        case _:
            return schema is not False


def keys_in(value: Any) -> set[str]:
    match value:
        case dict():
            return set(value).union(*map(keys_in, value.values()))
        case list():
            return set().union(*map(keys_in, value))
        case _:
            return set()


@many
@given(contracts(), values())
def test_what_leaves_leaves_again_and_keeps_what_the_body_kept(schema: Any, body: Any) -> None:
    loaded = ENGINE.load(compiled(schema, view=ANSWERED, formats=frozenset()))
    once = ENGINE.filter(loaded, json.dumps(body)).body
    assert once is not None
    again = ENGINE.filter(loaded, once)
    assert (again.body, again.removed) == (once, ())
    if theirs(schema).is_valid(body):
        assert theirs(schema).is_valid(json.loads(once))


@many
@given(contracts(), values())
def test_no_name_that_is_not_declared_survives(schema: Any, body: Any) -> None:
    assume(not is_open(schema))
    loaded = ENGINE.load(compiled(schema, view=ANSWERED, formats=frozenset()))
    once = ENGINE.filter(loaded, json.dumps(body)).body
    assert once is not None
    assert keys_in(json.loads(once)) <= names_in(schema)
