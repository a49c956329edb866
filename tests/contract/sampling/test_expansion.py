from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract.sampling.choices import Choices
from forecourt.contract.sampling.conjunction import Conjunction, Node
from forecourt.contract.sampling.expansion import MOST_EXPANSIONS, expansions, resolved


def ways(
    schema: Any, *, seed: str | None = None, null_first: bool = False, **definitions: Any
) -> list[Conjunction]:
    node = Node(schema=schema, at=("$defs", "S"))
    every = {"S": schema, **definitions}
    return list(expansions(every, (node,), Choices(seed=seed), null_first=null_first))


def consts(schema: Any, **others: Any) -> list[list[Any]]:
    """What the schemas of each way say that a value is."""
    return [way.said("const") for way in ways(schema, **others)]


A, B, C = ({"const": word} for word in "abc")


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (A, [["a"]]),
        ({"allOf": [A, B]}, [["a", "b"]]),
        ({"anyOf": [A, B]}, [["a"], ["b"]]),
        ({"oneOf": [A, B], "const": "c"}, [["c", "a"], ["c", "b"]]),
        ({"anyOf": [A, {"anyOf": [B, C]}]}, [["a"], ["b"], ["c"]]),
        (
            {"allOf": [{"anyOf": [A, B]}, {"anyOf": [B, C]}]},
            [["a", "b"], ["a", "c"], ["b", "b"], ["b", "c"]],
        ),
        ({"if": A, "then": B, "else": C}, [["a", "b"], ["c"]]),
        ({"if": A, "then": B}, [["a", "b"], []]),
        ({"if": A}, [[]]),
        ({"anyOf": [{"type": "null"}, A]}, [["a"], []]),
        (False, []),
        ({"allOf": [{"type": "string"}, {"type": "integer"}]}, []),
        ({"type": "string", "anyOf": [{"type": "integer", "const": 1}, A]}, [["a"]]),
    ],
    ids=str,
)
def test_the_ways_in_which_schemas_hold_together(schema: Any, expected: list[list[Any]]) -> None:
    assert consts(schema) == expected


def test_follows_references_and_takes_none_up_twice() -> None:
    schema = {"$ref": "#/$defs/T", "const": "s"}
    target = {"allOf": [{"$ref": "#/$defs/S"}, {"$ref": "#/$defs/a~1b"}]}
    assert consts(schema, T=target, **{"a/b": A}) == [["s", "a"]]


def test_null_comes_first_where_an_end_is_wanted() -> None:
    schema = {"anyOf": [{**A, "type": "string"}, {"type": "null", "const": None}]}
    assert consts(schema, null_first=True) == [[None], ["a"]]


def test_a_seed_begins_with_another_alternative() -> None:
    schema = {"anyOf": [{"const": n} for n in range(10)]}
    begins = {consts(schema, seed=str(n))[0][0] for n in range(40)}
    assert len(begins) > 5


def test_stops_where_the_ways_are_too_many() -> None:
    schema = {"allOf": [{"anyOf": [{"title": str(n)} for n in range(20)]} for _ in range(5)]}
    assert len(ways(schema)) == MOST_EXPANSIONS


@pytest.mark.parametrize(
    ("schema", "kinds"),
    [
        ({"not": {"type": "string"}}, ["object", "array", "integer", "number", "boolean", "null"]),
        ({"not": {"type": "number"}}, ["object", "array", "string", "boolean", "null"]),
    ],
    ids=str,
)
def test_keeps_off_a_type_that_must_not_be(schema: Any, kinds: list[str]) -> None:
    (way,) = ways(schema)
    assert set(way.kinds()) == set(kinds)


def test_a_reference_that_leads_in_a_circle_ends() -> None:
    circle: Any = {"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A"}}
    assert resolved(circle, Node(schema=circle["A"], at=("$defs", "A"))).schema in circle.values()
    assert len(ways({"$ref": "#/$defs/A"}, **circle)) == 1
