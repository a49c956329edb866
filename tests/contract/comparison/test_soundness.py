"""What is called safe is: values tell, judged by an independent validator."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from forecourt.contract.comparison import Verdict
from tests.contract.comparison.documents import answering, changes, receiving
from tests.examples import some_of

_NAMES = st.sampled_from(["a", "b"])
_SCALARS: list[Any] = [None, True, "a", "bb", "", 0, 1, 2.5]
_TYPES = st.sampled_from(["string", "integer", "number", "boolean", "null", "object", "array"])

_BOUNDS = st.fixed_dictionaries(
    {},
    optional={
        "minimum": st.integers(0, 2),
        "exclusiveMaximum": st.integers(1, 3),
        "multipleOf": st.sampled_from([1, 2, 4]),
        "minLength": st.integers(0, 2),
        "maxLength": st.integers(0, 2),
        "minItems": st.integers(0, 2),
        "maxItems": st.integers(0, 2),
        "minProperties": st.integers(0, 2),
        "maxProperties": st.integers(0, 2),
        "uniqueItems": st.booleans(),
        "required": st.lists(_NAMES, unique=True),
        "additionalProperties": st.booleans(),
        "pattern": st.sampled_from(["^a", "b$", "^b*$"]),
        "dependentRequired": st.sampled_from([{"a": ["b"]}, {"b": ["a"]}]),
        "enum": st.lists(st.sampled_from(_SCALARS), min_size=1, max_size=3),
    },
)
_PLAIN = st.builds(
    lambda types, said: {**({"type": types} if types else {}), **said},
    st.none() | _TYPES | st.lists(_TYPES, min_size=1, max_size=3, unique=True),
    _BOUNDS,
)


def _around(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.builds(lambda said, items: {**said, "items": items}, _PLAIN, inner),
        # Both sides declare both: what is declared anew is safe by convention, not by validation.
        st.builds(
            lambda said, a, b: {**said, "properties": {"a": a, "b": b}}, _PLAIN, inner, inner
        ),
        st.builds(lambda parts: {"anyOf": parts}, several),
        st.builds(lambda parts: {"allOf": parts}, several),
        st.builds(lambda said, no: {**said, "not": no}, _PLAIN, inner),
        st.builds(
            lambda said, nos: {**said, "allOf": [{"not": no} for no in nos]}, _PLAIN, several
        ),
        st.builds(
            lambda each: {"allOf": each},
            st.lists(
                st.fixed_dictionaries(
                    {"contains": inner},
                    optional={"minContains": st.integers(0, 2), "maxContains": st.integers(0, 2)},
                ),
                min_size=1,
                max_size=2,
            ),
        ),
        st.builds(
            lambda each: {"allOf": each},
            st.lists(
                st.fixed_dictionaries({"if": inner}, optional={"then": inner, "else": inner}),
                min_size=1,
                max_size=2,
            ),
        ),
    )


# Properties come and go beside what holds of all others.
_OBJECTS = st.fixed_dictionaries(
    {"type": st.just("object"), "additionalProperties": _PLAIN},
    optional={
        "properties": st.dictionaries(_NAMES, _PLAIN, max_size=2),
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "a|b"]), _PLAIN, max_size=1),
        "required": st.lists(_NAMES, unique=True),
    },
)
_SCHEMAS = st.recursive(_PLAIN | st.booleans(), _around, max_leaves=5)
_VALUES = st.recursive(
    st.sampled_from(_SCALARS),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_NAMES, inner, max_size=2),
    max_leaves=4,
)
# Properties that come or go are judged by what callers may expect, not by which values fit.
_BY_CONVENTION = ("-property-added", "-property-added-to-closed")


def _is_told(old: Any, new: Any, around: Any) -> bool:
    """Whether anything is told that is more than safe, or is safe by convention alone."""
    return any(
        change.verdict is not Verdict.SAFE or change.kind.id.endswith(_BY_CONVENTION)
        for change in changes(around(old), around(new))
    )


def _followed(schemas: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, Any]]:
    """Two schemas: any, or the second says what the first does, and more."""

    def more(old: Any, also: Any) -> tuple[Any, Any]:
        return ({"allOf": [old]}, {"allOf": [old, also]})

    return st.tuples(schemas, schemas) | st.builds(more, schemas, schemas)


@settings(max_examples=some_of(200), deadline=None)
@given(
    pair=_followed(_SCHEMAS) | st.tuples(_OBJECTS, _OBJECTS),
    values=st.lists(_VALUES, min_size=5, max_size=12),
)
def test_no_value_proves_a_verdict_wrong(pair: tuple[Any, Any], values: list[Any]) -> None:
    for old, new in (pair, pair[::-1]):
        _judge(old, new, values)


def _judge(old: Any, new: Any, values: list[Any]) -> None:
    before, after = Draft202012Validator(old), Draft202012Validator(new)
    refused = [v for v in values if before.is_valid(v) and not after.is_valid(v)]
    new_ones = [v for v in values if after.is_valid(v) and not before.is_valid(v)]
    if refused:
        assert _is_told(old, new, receiving), refused
    if new_ones:
        assert _is_told(old, new, answering), new_ones


# Two demands of one keyword: the second is as good as the first.
_DEMANDS = st.one_of(
    *(
        st.lists(st.sampled_from(each), min_size=2, max_size=2, unique_by=str)
        for each in (
            [{"pattern": "^a"}, {"pattern": "b$"}, {"pattern": "ab"}],
            [{"multipleOf": 2}, {"multipleOf": 3}, {"multipleOf": 4}],
            [{"not": {"const": v}} for v in ("a", "b", 2)],
            [{"contains": {"const": v}} for v in (1, 2, 3)],
            [{"if": {"required": [n]}, "then": {"required": [m]}} for n, m in ("ab", "ba")],
            [{"dependentRequired": {n: [m]}} for n, m in ("ab", "ba")],
        )
    )
)
_EACH: list[Any] = [
    *("a", "b", "ab", "ba", 2, 3, 4, 6, [], [1], [1, 2], [2, 3]),
    *({}, {"a": 1}, {"b": 1}, {"a": 1, "b": 1}),
]


@settings(max_examples=some_of(60), deadline=None)
@given(demands=_DEMANDS)
def test_no_second_demand_is_lost(demands: list[Any]) -> None:
    one, both = {"allOf": demands[:1]}, {"allOf": demands}
    _judge(one, both, _EACH)
    _judge(both, one, _EACH)


@settings(max_examples=some_of(100), deadline=None)
@given(
    old=_OBJECTS,
    new=_OBJECTS,
    values=st.lists(st.dictionaries(_NAMES, st.sampled_from(_SCALARS)), min_size=20, max_size=40),
)
def test_what_holds_of_other_properties_is_not_forgotten(
    old: Any, new: Any, values: list[Any]
) -> None:
    _judge(old, new, values)
