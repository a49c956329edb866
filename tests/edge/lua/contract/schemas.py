"""Schemas and values to try the edge with, made at random."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

NAMES = ("a", "b", "id", "name", "x-1", "é", "items", "a/b")
TEXTS = ("", "a", "ab", "abc", "é😀", "2024-02-29", "x" * 12, "a/b", "A1", "\n")
PATTERNS = ("^a", "b$", "^[a-z]{1,3}$", "\\d", "^.{2,4}$", "a|é", "^(a|b)*$", "^[^a]+$", "")
NUMBERS = (0, 1, -1, 2, 2.0, 1.5, 0.1, 10, 100, 1e3, -7.25, 2**53, 2**53 + 1, 0.01, 19.99)
TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")

counts = st.integers(0, 3)


def values() -> st.SearchStrategy[Any]:
    scalars = (
        st.none()
        | st.booleans()
        | st.sampled_from(NUMBERS)
        | st.integers(-5, 5)
        | st.sampled_from(TEXTS)
    )
    return st.recursive(
        scalars,
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
        ),
        max_leaves=12,
    )


def _optional(**keywords: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keywords)


def _scalars() -> st.SearchStrategy[dict[str, Any]]:
    types = st.sampled_from(TYPES)
    return _optional(
        type=types | st.lists(types, min_size=1, max_size=3, unique=True),
    ).flatmap(
        lambda base: st.one_of(
            st.just(base),
            _optional(enum=st.lists(values(), min_size=1, max_size=4)).map(lambda e: base | e),
            values().map(lambda v: base | {"const": v}),
            _optional(
                minimum=st.sampled_from(NUMBERS),
                maximum=st.sampled_from(NUMBERS),
                exclusiveMinimum=st.sampled_from(NUMBERS),
                exclusiveMaximum=st.sampled_from(NUMBERS),
                multipleOf=st.sampled_from([n for n in NUMBERS if n > 0]),
            ).map(lambda e: base | e),
            _optional(minLength=counts, maxLength=counts, pattern=st.sampled_from(PATTERNS)).map(
                lambda e: base | e
            ),
        )
    )


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    names = st.sampled_from(NAMES)
    by_name = st.dictionaries(names, inner, max_size=4)
    lists = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        _optional(
            type=st.just("object"),
            properties=by_name,
            required=st.lists(names, max_size=2, unique=True),
            additionalProperties=st.booleans() | inner,
            patternProperties=st.dictionaries(st.sampled_from(PATTERNS), inner, max_size=2),
            propertyNames=inner,
            minProperties=counts,
            maxProperties=counts,
            dependentRequired=st.dictionaries(names, st.lists(names, max_size=2, unique=True)),
            dependentSchemas=st.dictionaries(names, inner, max_size=1),
            unevaluatedProperties=st.booleans() | inner,
            allOf=lists,
            anyOf=lists,
        ),
        _optional(
            type=st.just("array"),
            items=st.booleans() | inner,
            prefixItems=lists,
            contains=inner,
            minContains=counts,
            maxContains=counts,
            minItems=counts,
            maxItems=counts,
            uniqueItems=st.booleans(),
            unevaluatedItems=st.booleans() | inner,
            anyOf=lists,
        ),
        _optional(
            allOf=lists,
            anyOf=lists,
            oneOf=lists,
            properties=by_name,
            unevaluatedProperties=st.booleans(),
            **{"not": inner, "if": inner, "then": inner, "else": inner},
        ),
        st.just({"$ref": "#"}).map(lambda r: {"properties": {"a": r}, "items": r}),
    )


def schemas() -> st.SearchStrategy[Any]:
    """Any keyword that the edge judges, nested, with a circle now and then."""
    return st.recursive(_scalars() | st.booleans(), _containers, max_leaves=8)


def declaring(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects that require only what they declare, and count nothing."""
    by_name = st.dictionaries(st.sampled_from(NAMES), inner, min_size=1, max_size=4)
    return by_name.flatmap(
        lambda properties: st.fixed_dictionaries(
            {"type": st.just("object"), "properties": st.just(properties)},
            optional={
                "required": st.lists(st.sampled_from(sorted(properties)), max_size=2, unique=True),
                "additionalProperties": st.booleans() | inner,
            },
        )
    )


def contracts() -> st.SearchStrategy[Any]:
    """Schemas as answers have them: objects that declare what they hold."""
    scalars = st.sampled_from([{}, {"type": "string"}, {"type": "integer"}, {"enum": ["a", 1]}])
    return st.recursive(
        scalars,
        lambda inner: (
            declaring(inner)
            | st.fixed_dictionaries({"type": st.just("array"), "items": inner})
            | st.lists(declaring(inner), min_size=1, max_size=3).flatmap(
                lambda parts: st.sampled_from(
                    [{"allOf": parts}, {"anyOf": parts}, {"oneOf": told_apart(parts)}]
                )
            )
        ),
        max_leaves=10,
    )


def told_apart(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Branches of which none is kept by what another lets pass.

    A value that keeps one of two alike may keep both once what it held beyond them is gone.
    """
    return [
        {
            **part,
            "properties": {**part["properties"], "name": {"const": TEXTS[number]}},
            "required": sorted({*part.get("required", ()), "name"}),
        }
        for number, part in enumerate(parts)
    ]


def made_for(schema: Any) -> st.SearchStrategy[Any]:
    """Values that follow a schema in most of what it says, so that many keep it."""
    if not isinstance(schema, dict) or not schema:
        return values()
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            return st.one_of([made_for(part) for part in schema[keyword]])
    if "allOf" in schema:
        merged: dict[str, Any] = {}
        for part in schema["allOf"]:
            merged |= part if isinstance(part, dict) else {}
        return made_for({k: v for k, v in (schema | merged).items() if k != "allOf"})
    kind = schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    return st.one_of([_made_of_kind(schema, k) for k in kinds])


def _made_of_kind(schema: dict[str, Any], kind: str | None) -> st.SearchStrategy[Any]:
    match kind:
        case "object":
            properties = schema.get("properties", {})
            required = {n: made_for(properties.get(n, True)) for n in schema.get("required", ())}
            others = {n: made_for(s) for n, s in properties.items() if n not in required}
            return st.fixed_dictionaries(required, optional=others)
        case "array":
            least = schema.get("minItems", 0)
            items = made_for(schema.get("items", True))
            return st.lists(items, min_size=least, max_size=least + 2)
        case "string":
            return st.sampled_from(TEXTS)
        case "integer" | "number":
            return st.sampled_from(NUMBERS)
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case _:
            return values()


def mutated(pair: tuple[Any, Any]) -> Any:
    """The first value, with the second somewhere in it."""
    value, other = pair
    match value:
        case dict() if value:
            return {**value, min(value): other}
        case list() if value:
            return [*value[:-1], other]
        case _:
            return other
