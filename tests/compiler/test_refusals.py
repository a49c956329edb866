"""Every refusal is what callers read of it: in the gate's Lua, and in Envoy's own answers."""

from __future__ import annotations

import re
from typing import Any

import pytest

from forecourt.compiler.envoy.problems import NATIVE
from forecourt.compiler.refusals import BY_WORD, Refusal
from forecourt.edge.code import LUA_FOLDER
from tests.edge.luajit import Lua

# A name that other reasons share; by itself it is none.
NAMES = {"undeclared-answer"}

# On the way out, of answers and not of requests: the log has them as `replaced`.
OF_ANSWERS = {
    *("upstream-failed", "upstream-timeout", "upstream-unavailable"),
    *("edge-fault", "encoded-answer"),
    *("undeclared-status", "undeclared-media-type", "unreadable-answer"),
    *("answer-not-representable", "function-failed"),
}


def lua_reasons() -> set[str]:
    """Every reason that the problems know."""
    text = (LUA_FOLDER / "forecourt" / "problems.lua").read_text()
    tables = re.findall(r"local (?:PROBLEMS|SAME_AS) = \{\n(.*?)\n\}", text, re.DOTALL)
    assert len(tables) == 2
    keys = r'^  (?:\["([\w-]+)"\]|(\w+)) = '
    found = {a or b for table in tables for a, b in re.findall(keys, table, re.MULTILINE)}
    assert "not-allowed" in found
    return found - NAMES


def test_knows_every_reason_of_the_edge() -> None:
    assert lua_reasons() - set(BY_WORD) == set()


@pytest.mark.parametrize("reason", sorted(lua_reasons()))
def test_says_of_a_reason_what_the_edge_says(reason: str) -> None:
    problem: Any = Lua().module("problems")["of"](reason)
    refusal = BY_WORD[reason]
    assert refusal.problem == problem["name"]
    if refusal is not Refusal.UPSTREAM_FAILED:  # that has the upstream's own
        assert refusal.status == problem["status"]


@pytest.mark.parametrize("native", NATIVE, ids=lambda native: native.name)
def test_knows_every_answer_that_envoy_gives_by_itself(native: Any) -> None:
    assert (native.status, native.name) in {(r.status, r.problem) for r in Refusal}


def test_of_a_service_that_failed_callers_read_what_the_status_says() -> None:
    read = {status: Refusal.UPSTREAM_FAILED.read(status) for status in (500, 503, 504)}
    assert read == {500: "upstream-failed", 503: "upstream-unavailable", 504: "upstream-timeout"}
    assert Refusal.QUOTA_EXHAUSTED.read(503) == "quota-exhausted"
