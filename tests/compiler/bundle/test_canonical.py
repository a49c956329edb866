"""Equal values have equal texts, others have not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from forecourt.compiler.bundle.canonical import canonical, canonical_number
from forecourt.contract.values import Json
from tests.edge.lua.json.tape import Reader
from tests.edge.luajit import Lua

LUA = Lua()
READER = Reader(LUA)
OF = LUA.module("json.canonical").of


def in_lua(body: str) -> bytes:
    READER.read(body.encode())
    text: str = OF(0)
    return text.encode("latin-1")


@pytest.mark.parametrize(
    ("value", "bodies"),
    [
        (None, ["null"]),
        (True, ["true"]),
        (False, ["false"]),
        (0, ["0", "-0", "0.0", "0e5"]),
        (100, ["100", "1e2", "100.0", "1000e-1"]),
        (Decimal("-1.10"), ["-1.1", "-1.10", "-11e-1"]),
        ("é\n", ['"é\\n"', '"\\u00e9\\u000a"']),
        ([1, "1", []], ['[1,"1",[]]', '[ 1.0 , "\\u0031", [ ] ]']),
        ({"b": 1, "a": {"é": None}}, ['{"a":{"\\u00e9":null},"b":1}', '{"b":1e0,"a":{"é":null}}']),
    ],
)
def test_the_compiler_and_the_edge_make_the_same(value: Json, bodies: list[str]) -> None:
    assert {in_lua(body) for body in bodies} == {canonical(value)}


def test_others_differ() -> None:
    values: list[Json] = [
        None, False, True, 0, 1, 10, Decimal("0.1"), "", "1", [], [1], [[1]], ["1"], {}, {"a": 1},
        {"a": [1]}, {"a": "1"}, {"a1": ""}, ["a", "b"], ["ab"],
    ]  # fmt: skip
    assert len({canonical(value) for value in values}) == len(values)


def test_numbers_are_said_in_their_shortest_form() -> None:
    assert canonical_number(Decimal("-1200.50")) == "-12005e-1"
    assert canonical_number(0) == "e0"
