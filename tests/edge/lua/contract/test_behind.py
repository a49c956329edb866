"""The edge, and who judges behind it what it does not: they agree on what both judge.

Both read the document themselves: dialect, references, `readOnly`, formats.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from forecourt.compiler.bundle.compile import compile_bundle
from forecourt.compiler.bundle.formats import FORMATS, is_of
from forecourt.compiler.bundle.writing import Left
from forecourt.compiler.contracts.exact import exact_schemas, schemas_of
from forecourt.contract.exact_judge import ExactJudge
from forecourt.contract.openapi_3_0 import dialect_of
from forecourt.contract.sight import sight_of
from tests.edge.lua.contract.engine import ASKED, Engine, Fault, exact
from tests.edge.lua.contract.schemas import made_for, mutated, schemas, values

ENGINE = Engine()
CHECKS = {name: partial(is_of, name=name) for name in FORMATS}
SCHEMAS = ("root", "A", "B")


def both(document: Any, openapi: str) -> tuple[Any, ExactJudge] | None:
    """The edge's bundle, and a judge of the same schema; None where the edge leaves it."""
    written, places = exact(document), {"root": ("root",)}
    bundle = compile_bundle(written, places, view=ASKED, dialect=dialect_of(openapi))
    if bundle.roots[0].inexact:
        return None
    roots = [replace(root, left=(Left(at=(), reason="all of it"),)) for root in bundle.roots]
    sight = sight_of(written, ASKED.audience)
    content = exact_schemas(roots, places, openapi=openapi, sight=sight)
    return ENGINE.load(bundle), ExactJudge(schemas_of(content)["root"], CHECKS)


def dressed(schema: Any, chance: Random) -> Any:
    """A schema with what OpenAPI adds, here and there."""
    match schema:
        case dict():
            said = {k: dressed(v, chance) if _holds_schemas(k) else v for k, v in schema.items()}
            if "required" in said or not _is_schema(said):
                return said
            more: dict[str, Any] = {
                "readOnly": True,
                "x-audience": "partner",
                "writeOnly": True,
                "nullable": True,
                "exclusiveMinimum": True,
                "format": chance.choice((*FORMATS, "email")),
                "$ref": f"#/{chance.choice(SCHEMAS)}",
            }
            return said | {k: v for k, v in more.items() if chance.random() < 0.15}
        case list():
            return [dressed(inner, chance) for inner in schema]
        case _:
            return schema


def _holds_schemas(keyword: str) -> bool:
    return keyword not in {"const", "enum", "required", "dependentRequired", "type"}


def _is_schema(said: dict[str, Any]) -> bool:
    """Not a mapping of schemas by name: these have other keys."""
    return bool(said.keys() & {"type", "minimum", "minLength", "properties", "allOf", "anyOf"})


documents = st.builds(
    lambda root, a, b, seed: {
        "root": dressed(root, Random(seed)),
        "A": dressed(a, Random(seed + 1)),
        "B": b,
    },
    schemas(),
    schemas(),
    schemas(),
    st.integers(0, 10_000),
)


@pytest.mark.slow
@pytest.mark.parametrize("openapi", ["3.0.3", "3.1.0"])
def test_agree_on_what_openapi_says(openapi: str) -> None:
    @settings(
        max_examples=150,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(documents, st.lists(values(), min_size=1, max_size=4), st.data())
    def agree(document: Any, bodies: list[Any], data: st.DataObject) -> None:
        pair = both(document, openapi)
        assume(pair is not None)
        assert pair is not None
        loaded, judge = pair
        made = made_for(document["root"])
        for body in (*bodies, data.draw(made), data.draw(st.tuples(made, values()).map(mutated))):
            text = json.dumps(body)
            assert ENGINE.judge(loaded, text) is not bool(judge.broken(text.encode())), body

    agree()


READ_ONLY = {
    "root": {
        "type": "object",
        "required": ["id", "name"],
        "properties": {
            "id": {"$ref": "#/Id"},
            "name": {"type": "string", "maxLength": 3},
            "due": {"type": "string", "format": "date", "nullable": True},
            "mail": {"type": "string", "format": "email"},
        },
    },
    "Id": {"type": "string", "readOnly": True},
}


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"name": "a"}, []),
        ({"name": "a", "id": "x", "due": "2024-02-29", "mail": "no"}, []),
        ({"name": "a", "due": None}, []),
        ({}, [("", "required", "name")]),
        ({"name": "abcd", "id": 5}, [("/id", "type", "string"), ("/name", "maxLength", "3")]),
        ({"name": "a", "due": "2024-02-30"}, [("/due", "format", "date")]),
        ([], [("", "type", "object")]),
    ],
    ids=str,
)
def test_say_the_same_of_what_is_wrong(body: Any, faults: list[tuple[str, str, str]]) -> None:
    pair = both(READ_ONLY, "3.0.3")
    assert pair is not None
    loaded, judge = pair
    text = json.dumps(body)
    assert [(b.pointer, b.rule, b.expected) for b in judge.broken(text.encode())] == faults
    assert ENGINE.judge(loaded, text) is (faults == [])
    found = sorted(ENGINE.faults(loaded), key=lambda fault: fault.pointer)  # as they stand there
    assert found == [Fault(pointer=p, rule=r, expected=e) for p, r, e in faults]


MARKED = {
    "root": {
        "type": "object",
        "required": ["name", "cost"],
        "properties": {
            "name": {"type": "string"},
            "cost": {"x-audience": "partner"},
            "tier": {"enum": ["free", "gold"], "x-enum-audience": {"gold": "partner"}},
            "part": {
                "allOf": [
                    {"type": "object", "additionalProperties": True},
                    {"$ref": "#/Ours"},
                ]
            },
            "shut": {
                "properties": {"id": {}, "risk": {"x-audience": "partner"}},
                "additionalProperties": False,
            },
            "asks": {
                "anyOf": [{"required": ["risk"]}, {"required": ["risk", "cost"]}],
                "dependentRequired": {"risk": ["id"], "id": ["cost"]},
                "if": {"x-audience": "partner"},
                "then": {"required": ["id"]},
            },
            "way": {"oneOf": [{"type": "integer"}, {"type": "string", "x-audience": "internal"}]},
        },
    },
    "Ours": {"x-audience": "internal", "required": ["risk"], "properties": {"risk": {}}},
}


@pytest.mark.parametrize(
    ("body", "holds"),
    [
        ({"name": "a", "other": 1}, True),
        ({"name": "a", "cost": 1}, True),
        ({"cost": 1}, False),
        ({"name": "a", "tier": "free"}, True),
        ({"name": "a", "tier": "gold"}, False),
        ({"name": "a", "part": {"x": 1}}, True),
        ({"name": "a", "part": {"risk": 1}}, True),
        ({"name": "a", "shut": {"id": 1}}, True),
        ({"name": "a", "shut": {"risk": 1}}, False),
        ({"name": "a", "shut": {"what": 1}}, False),
        ({"name": "a", "asks": {}}, True),
        ({"name": "a", "asks": {"risk": 1}}, True),
        ({"name": "a", "way": 1}, True),
        ({"name": "a", "way": "a"}, False),
    ],
    ids=str,
)
def test_neither_tells_a_hidden_name_from_one_that_nobody_has_named(body: Any, holds: bool) -> None:
    pair = both(MARKED, "3.1.0")
    assert pair is not None
    loaded, judge = pair
    text = json.dumps(body)
    assert ENGINE.judge(loaded, text) is holds
    assert bool(judge.broken(text.encode())) is not holds
