"""A refusal reads the same whether Envoy wrote it or the gate."""

from __future__ import annotations

from forecourt.compiler.envoy.problems import NATIVE
from tests.edge.luajit import Lua

LUA = Lua()
PROBLEMS = LUA.module("problems")
SHARED = {
    "ambiguous-path": 400,
    "not-found": 404,
    "upstream-unavailable": 503,
    "upstream-timeout": 504,
}


def test_what_both_may_say_is_said_in_the_same_words() -> None:
    native = {problem.status: problem for problem in NATIVE}
    for reason, status in SHARED.items():
        ours = LUA.plain(PROBLEMS.of(reason))
        theirs = native[status]
        assert ours == {
            "status": theirs.status,
            "name": theirs.name,
            "title": theirs.title,
            "detail": theirs.detail,
        }


def test_nothing_else_has_a_name_that_both_use() -> None:
    reasons = ("missing", "unknown", "two-callers", "retired", "method", "unavailable", *SHARED)
    named = {LUA.plain(PROBLEMS.of(reason))["name"] for reason in reasons}
    shared = {LUA.plain(PROBLEMS.of(reason))["name"] for reason in SHARED}
    assert named & {problem.name for problem in NATIVE} == shared
