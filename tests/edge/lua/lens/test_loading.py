"""Lenses are loaded by digest; without them nothing passes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lupa.luajit21 import LuaError

from forecourt.compiler.contracts.serialized import serialize
from forecourt.contract.lenses.program import FunctionPair
from tests.edge.lua.answering import WayOut
from tests.edge.lua.lens.lensing import (
    DIGEST,
    EXAMPLE,
    Lenses,
    Refused,
    a_hop,
    an_operation,
)

UNREADABLE = {
    "nothing": None,
    "no table": b"x",
    "another format": serialize({"format": 0, "operations": (), "programs": ()}),
    "a step that nobody knows": serialize(
        {
            "format": 1,
            "operations": (),
            "programs": ({"root": 1, "nodes": ({"steps": ({"op": "guess"},)},)},),
        }
    ),
}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def spoil(folder: Path, content: bytes | None) -> None:
    path = folder / "contracts" / DIGEST
    path.unlink(missing_ok=True)
    if content is not None:
        path.write_bytes(content)


unreadable = pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())


@unreadable
def test_without_lenses_nothing_is_let_in(tmp_path: Path, content: bytes | None) -> None:
    lenses = Lenses(tmp_path, EXAMPLE)
    spoil(tmp_path, content)
    found = lenses.raised("GET", "/payments")
    assert isinstance(found, Refused)
    assert found.reason == "contract-missing"


@unreadable
def test_without_lenses_nothing_is_let_out(tmp_path: Path, content: bytes | None) -> None:
    out = WayOut(tmp_path)
    Lenses(tmp_path, EXAMPLE)
    spoil(tmp_path, content)
    for mark in (f"{out.mark()} by {DIGEST} 1", f"yes constant by {DIGEST} 1"):
        with pytest.raises(LuaError):
            out.left({"name": "lamp"}, mark=mark)


def test_a_mark_says_which_lenses_lead_back(tmp_path: Path) -> None:
    out = WayOut(tmp_path)
    Lenses(tmp_path, EXAMPLE)
    meaning: Any = out.lua.module("marks").meaning
    for asks in ("", " head", " test head"):
        held = meaning(f"{out.mark()} by {DIGEST} 2{asks}")
        assert held.lens.name == "GET /payments/{payment_id}"
        assert (held.check, held.operation.name) == ("filter", "GET /things")
        assert held.is_head is ("head" in asks)
        free = meaning(f"yes detailed by {DIGEST} 1{asks}")
        assert (free.check, free.lens.name) == (None, "POST /charges")
        assert free.is_detailed


@pytest.mark.parametrize("number", ["0", "9", "x", ""])
def test_a_mark_of_an_operation_that_lenses_have_not_lets_no_answer_out(
    tmp_path: Path, number: str
) -> None:
    out = WayOut(tmp_path)
    Lenses(tmp_path, EXAMPLE)
    with pytest.raises(LuaError):
        out.left({"name": "lamp"}, mark=f"yes constant by {DIGEST} {number}")


def test_what_only_functions_can_say_does_not_pass_as_it_is(tmp_path: Path) -> None:
    pair = FunctionPair(raises="f.py:up", lowers="f.py:down")
    found = Lenses(tmp_path, a_hop(an_operation(functions=pair))).raised("POST", "/charges", {})
    assert isinstance(found, Refused)
    assert found.reason == "cannot-judge"
