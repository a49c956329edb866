"""Whatever a schema says: the value made for it is what it says, or there is said to be none."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from forecourt.contract.sampling import NoSample, Sampled, sample
from forecourt.contract.values import Json, encode
from tests.examples import some_of

NAMES = st.sampled_from(["a", "b", "kind", "x-y"])
SCALARS: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.sampled_from([Decimal("0.5"), Decimal("1.0"), 2**63, "", "a", "ab", "2030-01-01"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=4,
)
COUNTS = st.integers(0, 4)
NUMBERS: st.SearchStrategy[Any] = st.integers(-20, 20) | st.sampled_from(
    [Decimal("0.1"), Decimal("2.5"), Decimal("-7.25")]
)
PATTERNS = st.sampled_from(
    [
        "^a",
        "b$",
        "^[a-c]{2,}$",
        r"^\d+$",
        "^(?!a)",
        "^(?=.*b)a",
        r"^(\w)\1$",
        "^a?$",
        r"\bx",
        "^[^a]$",
    ]
)
FORMATS = st.sampled_from(["date", "date-time", "uuid", "email", "ipv4", "int32", "uri", "ours"])
TYPES = ["object", "array", "string", "integer", "number", "boolean", "null"]
REFERENCES = st.sampled_from(["#/A", "#/B", "#/schema"])


def schemas() -> st.SearchStrategy[Any]:
    plain = st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(TYPES)
            | st.lists(st.sampled_from(TYPES), min_size=1, unique=True),
            "enum": st.lists(VALUES, min_size=1, max_size=3),
            "const": VALUES,
            "example": VALUES,
            "default": VALUES,
            "minimum": NUMBERS,
            "maximum": NUMBERS,
            "exclusiveMinimum": NUMBERS,
            "exclusiveMaximum": NUMBERS,
            "multipleOf": st.sampled_from([1, 2, 3, Decimal("0.5"), Decimal("0.01")]),
            "minLength": COUNTS,
            "maxLength": COUNTS,
            "pattern": PATTERNS,
            "format": FORMATS,
            "minItems": COUNTS,
            "maxItems": COUNTS,
            "uniqueItems": st.booleans(),
            "minProperties": COUNTS,
            "maxProperties": COUNTS,
            "required": st.lists(NAMES, max_size=2, unique=True),
            "dependentRequired": st.dictionaries(NAMES, st.lists(NAMES, unique=True), max_size=2),
        },
    )
    # A few keywords a schema; with all of them hardly one would have a value.
    few = plain.flatmap(
        lambda s: st.lists(st.sampled_from(sorted(s) or [""]), max_size=3, unique=True).map(
            lambda keys: {k: s[k] for k in keys if k}
        )
    )
    leaves = st.booleans() | few | st.builds(lambda r: {"$ref": r}, REFERENCES)
    return st.recursive(leaves, _around, max_leaves=6)


def _around(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=3)
    named = st.dictionaries(NAMES, inner, min_size=1, max_size=3)
    typed: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
        [{}, {"type": "object"}, {"type": "array"}, {"type": ["object", "array", "string"]}]
    )
    applied = st.one_of(
        *(
            st.builds(lambda v, k=k: {k: v}, several)
            for k in ("allOf", "anyOf", "oneOf", "prefixItems")
        ),
        *(st.builds(lambda v, k=k: {k: v}, named) for k in ("properties", "dependentSchemas")),
        *(
            st.builds(lambda v, k=k: {k: v}, inner)
            for k in ("not", "items", "contains", "additionalProperties", "unevaluatedProperties")
        ),
        st.builds(lambda v: {"propertyNames": v, "minProperties": 1}, inner),
        st.builds(lambda v: {"patternProperties": {"^x": v}, "minProperties": 1}, inner),
        st.builds(lambda i, t, e: {"if": i, "then": t, "else": e}, inner, inner, inner),
    )
    return st.builds(
        lambda t, a, b, r: {**t, **a, **b, **({"required": r} if r else {})},
        typed, applied, applied, st.lists(NAMES, max_size=1),
    )  # fmt: skip


@pytest.mark.slow
@settings(max_examples=some_of(500), suppress_health_check=list(HealthCheck))
@given(schemas(), schemas(), schemas(), st.sampled_from([None, "a", "b"]))
def test_the_value_is_what_any_schema_says(
    schema: Any, first: Any, second: Any, seed: str | None
) -> None:
    document = {"A": first, "B": second, "schema": schema}
    made = sample(document, ("schema",), openapi="3.1.0", seed=seed)
    if isinstance(made, Sampled):
        validator = Draft202012Validator({**document, "$ref": "#/schema"}, validate_formats=True)
        assert validator.is_valid(made.value)
        encode(made.value)
    else:
        assert made.reason


# --- a schema of which it is known that it has values ---------------------------------------------


def schema_of(value: Json) -> Any:
    """A schema that says a good deal about a value, which it takes."""
    match value:
        case dict():
            return {
                "type": "object",
                "required": sorted(value),
                "properties": {k: schema_of(v) for k, v in value.items()},
                "additionalProperties": False,
            }
        case list():
            return {
                "type": "array",
                "prefixItems": [schema_of(v) for v in value] or [True],
                "items": False,
                "minItems": len(value),
            }
        case bool():
            return {"type": "boolean"}
        case int():
            return {"type": "integer", "minimum": value, "exclusiveMaximum": value + 2}
        case Decimal():
            return {"type": "number", "minimum": value, "maximum": value}
        case str():
            return {"type": "string", "minLength": len(value), "maxLength": len(value)}
        case None:
            return {"type": "null"}


@given(VALUES, st.sampled_from([None, "a"]))
def test_finds_a_value_where_there_plainly_is_one(value: Any, seed: str | None) -> None:
    made = sample({"schema": schema_of(value)}, ("schema",), openapi="3.1.0", seed=seed)
    assert isinstance(made, Sampled), made


@given(st.lists(VALUES, min_size=2, max_size=4), st.sampled_from([None, "a"]))
def test_finds_a_value_for_one_of_several(values: list[Any], seed: str | None) -> None:
    alternatives = [schema_of(value) for value in values]
    document: Any = {"schema": {"anyOf": alternatives}}
    assert isinstance(sample(document, ("schema",), openapi="3.1.0", seed=seed), Sampled)


# --- what is no schema at all ---------------------------------------------------------------------

WORDS = st.sampled_from(
    ["type", "properties", "items", "allOf", "oneOf", "enum", "example", "examples", "$ref", "a"]
)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["object", "array", "#/a", "#/items", "#"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=25,
)


@given(ANYTHING, st.sampled_from(["3.0.0", "3.1.0"]))
def test_no_schema_is_too_odd(document: Any, openapi: str) -> None:
    made = sample(document, (), openapi=openapi)
    assert isinstance(made, NoSample) or encode(made.value)
