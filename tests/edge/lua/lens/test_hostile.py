"""Bodies that somebody wrote to do harm: they are refused, or take little time."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecourt.contract.lenses.program import Node, Program
from forecourt.contract.lenses.steps import (
    Change,
    Convert,
    Gather,
    InList,
    InObject,
    Put,
    Rename,
    Spread,
    Whole,
)
from tests.edge.lua.lens.lensing import Lenses, Raised, Refused, a_hop, a_program, an_operation

# Everything below everything, and each object touched in every way.
STEPS = (
    Rename(name="a", to="b"),
    Gather(names=("c", "d"), into="g"),
    Spread(name="g", names=("c", "d")),
    Put(name="p", value={"x": 1}),
    Change(
        name="n",
        by=Convert(converter="minor_units-money", arguments={"currency": "USD", "digits": "2"}),
    ),
)
EVERYWHERE = Program(nodes=(Node(others=0, items=0, steps=STEPS),))
DEEPER = Program(nodes=(Node(others=0, items=0, steps=(Whole(by=InList()),)),))
WIDE = {"bytes": 8 * 1024 * 1024, "depth": 512, "keys": 1024 * 1024}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def through(path: Path, program: Program) -> Lenses:
    return Lenses(path, a_hop(an_operation(request=program)), limits=WIDE)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 512 + "]" * 512,
        '{"a":' * 511 + "{}" + "}" * 511,
        "[" + ",".join(['{"a":1,"c":2,"n":3}'] * 50_000) + "]",
        "{" + ",".join(f'"k{n}":{n}' for n in range(100_000)) + "}",
        "[" + ",".join(["0"] * 400_000) + "]",
        '{"n":1' + "0" * 900_000 + "}",
        '{"n":1e999999999999}',
        '{"n":-0.0e-99999}',
        '{"a":"' + "\\u0061" * 500_000 + '"}',
    ],
    ids=[
        "arrays",
        "objects",
        "items",
        "members",
        "numbers",
        "digits",
        "exponent",
        "zero",
        "escapes",
    ],
)
@pytest.mark.parametrize("program", [EVERYWHERE, DEEPER], ids=["everywhere", "deeper"])
def test_takes_little_time_whatever_comes(tmp_path: Path, program: Program, text: str) -> None:
    lenses = through(tmp_path, program)
    begun = time.perf_counter()
    found = lenses.raised("POST", "/charges", text)
    assert time.perf_counter() - begun < 20, "a second or two, on a machine that is slow and shared"
    if isinstance(found, Refused):
        assert found.reason in ("not-representable", "body-unparseable", "body-too-large")
    else:
        assert len(found.body or "") <= WIDE["bytes"]


def test_what_would_be_deeper_than_anything_may_be_is_refused(tmp_path: Path) -> None:
    found = through(tmp_path, DEEPER).raised("POST", "/charges", "[" * 300 + "]" * 300)
    assert isinstance(found, Refused)
    assert (found.reason, found.faults[0]["rule"]) == ("body-unparseable", "depth")


def test_a_lens_may_not_make_of_a_body_more_than_may_be_sent(tmp_path: Path) -> None:
    program = Program(nodes=(Node(items=1), Node(steps=(Put(name="p", value="x" * 1000),))))
    text = "[" + ",".join(["{}"] * 20_000) + "]"
    found = through(tmp_path, program).raised("POST", "/charges", text)
    assert isinstance(found, Refused)
    assert found.reason == "body-too-large"
    after = through(tmp_path, program).raised("POST", "/charges", "[{}]")
    assert isinstance(after, Raised)


WRAPPED = a_program(Whole(by=InObject(name="charge")))


@given(
    text=st.text(alphabet='{}[]":,\\ue0123456789.-+aé\n\x00', max_size=60) | st.text(max_size=20)
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_no_json_goes_nowhere(shared: Any, text: str) -> None:
    found = shared.raised("POST", "/charges", text)
    if isinstance(found, Raised) and text:
        inner = text.strip(" \n")
        assert found.body == '{"charge":' + inner + "}"


@pytest.fixture
def shared(tmp_path: Path) -> Lenses:
    return through(tmp_path, WRAPPED)
