"""What the edge makes of a body is what `contract.lenses.applying` says that a program means."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forecourt.compiler.bundle.canonical import canonical
from forecourt.compiler.lenses.programs import program as spelled
from forecourt.contract.lenses.applying import Refused, applied
from forecourt.contract.lenses.converters import CONVERTERS
from forecourt.contract.lenses.program import Node, Program
from forecourt.contract.lenses.steps import (
    Change,
    Convert,
    Drop,
    Gather,
    InList,
    InObject,
    Map,
    OnLoss,
    OutOfList,
    OutOfObject,
    Put,
    Rename,
    Spread,
    Whole,
)
from forecourt.contract.values import Json, decode, encode
from tests.edge.luajit import Lua

NAMES = ("a", "b", "c", "value", "currency", "é")
NODES = 4

names = st.sampled_from(NAMES)
some_names = st.lists(names, max_size=3, unique=True).map(tuple)
losses = st.sampled_from(OnLoss)
# A whole number with a point is left out: JSON Schema counts it as an integer, Python does not.
fractions = st.integers(-99_999, 99_999).filter(lambda n: n % 100).map(lambda n: Decimal(n) / 100)
words = st.sampled_from(
    ("", "x", "USD", "EUR", "49.90", "-0.05", "1.005", "7", "-0", "true", "cat", "dog", "é", '"\\')
) | st.sampled_from(("2028-11-03T10:15:00Z", "2000-02-30T00:00:00Z", "1999-12-31t23:59:59.5+01:30"))
scalars = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | fractions | words
bodies = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5),
    max_leaves=12,
)

convert = st.builds(
    Convert,
    converter=st.sampled_from([one.id for one in CONVERTERS]),
    arguments=st.just({"currency": "USD", "digits": "2"}),
    is_back=st.booleans(),
    least=st.none() | st.integers(-5, 5),
    most=st.none() | st.integers(0, 10_000),
)
value_steps = (
    convert
    | st.builds(
        Map,
        pairs=st.lists(st.tuples(scalars, scalars), max_size=3).map(tuple),
        keeps_others=st.booleans(),
    )
    | st.builds(InObject, name=names)
    | st.builds(OutOfObject, name=names, ignored=some_names)
    | st.just(InList())
    | st.just(OutOfList())
)
steps = (
    st.builds(Rename, name=names, to=names)
    | st.builds(Change, name=names, by=value_steps, on_loss=losses)
    | st.builds(Gather, names=some_names, into=names)
    | st.builds(Spread, name=names, names=some_names, on_loss=losses)
    | st.builds(Put, name=names, value=bodies)
    | st.builds(Drop, name=names, on_loss=losses)
    | st.builds(Whole, by=value_steps)
)
numbers = st.integers(0, NODES - 1)
nodes = st.builds(
    Node,
    members=st.dictionaries(names, numbers, max_size=2),
    others=st.none() | numbers,
    leading=st.lists(st.none() | numbers, max_size=2).map(tuple),
    items=st.none() | numbers,
    steps=st.lists(steps, max_size=3).map(tuple),
)
told_apart = st.builds(
    Node, by=st.tuples(names, st.dictionaries(st.sampled_from(("cat", "dog")), numbers, max_size=2))
)
# Who is told apart is so once, else a program could go round without a value.
programs = st.builds(
    lambda first, rest: Program(nodes=(first, *rest)),
    told_apart | nodes,
    st.lists(nodes, min_size=NODES - 1, max_size=NODES - 1),
).filter(lambda p: p.nodes[0].by is None or 0 not in p.nodes[0].by[1].values())

LUA = Lua()
THROUGH = """
  local program, text = ...
  local bodies = require("forecourt.lens.bodies")
  require("forecourt.lens.ready").program(program)
  local limits = { bytes = 1e6, depth = 100, keys = 10000 }
  local slot, why = bodies.read(text, limits)
  if not slot then error(why) end
  if not bodies.apply(program, slot) then return nil end
  return assert(bodies.text(slot, limits))
"""


def by_the_edge(program: Program, body: Json) -> list[Json] | None:
    """What the edge makes of it, in a list; None: it is refused."""
    table = LUA.value(_as_text(spelled(program)))
    text: str | None = LUA.run(THROUGH, table, encode(body).decode("latin-1"))
    return None if text is None else [decode(text.encode("latin-1"))]


def _as_text(value: Any) -> Any:
    """As the edge has it from a file: texts are bytes."""
    match value:
        case str():
            return value.encode().decode("latin-1")
        case bytes():
            return value.decode("latin-1")
        case dict():
            return {_as_text(key): _as_text(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_as_text(item) for item in value]
        case _:
            return value


@given(program=programs, body=bodies)
@settings(max_examples=400)
def test_both_make_the_same_of_a_body(program: Program, body: Json) -> None:
    means = applied(program, body)
    found = by_the_edge(program, body)
    if isinstance(means, Refused):
        assert found is None
    else:
        assert found is not None
        assert canonical(found) == canonical([means])
