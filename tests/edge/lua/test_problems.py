"""Refusals as callers read them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.compiler.envoy.problems import NATIVE, PROBLEM_TYPE, URN
from forecourt.edge.code import LUA_FOLDER
from tests.edge.luajit import MODULES, Lua

LUA = Lua()
PROBLEMS = LUA.module("problems")
BODY = LUA.module("problem_body")

BYTES = st.text(st.characters(max_codepoint=255), max_size=40)


def source(module: str) -> str:
    return (LUA_FOLDER / "forecourt" / f"{module}.lua").read_text()


def reasons() -> set[str]:
    """Every reason that any module refuses for, as its source says it."""
    found = set()
    for module in MODULES:
        text = source(module)
        found |= set(re.findall(r'return nil, "([a-z-]+)"', text))
        if module == "inward":
            found |= set(re.findall(r'return[ \n]+"([a-z-]+)"', text))
        found |= set(re.findall(r'(?:refuse\(|replace\(|replace, )handle, "([a-z-]+)"', text))
    return found


def body(reason: str, **about: Any) -> dict[str, Any]:
    text = BODY.of(reason, LUA.value(about))
    read: dict[str, Any] = json.loads(text.encode("latin-1"))
    return read


def test_the_edge_has_reasons() -> None:
    assert {"missing", "unknown", "malformed", "not-found", "edge-fault"} <= reasons()


@pytest.mark.parametrize("reason", sorted(reasons()))
def test_every_reason_has_a_problem(reason: str) -> None:
    problem = PROBLEMS.of(reason)
    assert problem.name != "edge-fault" or reason == "edge-fault"
    assert 400 <= problem.status < 600


def test_no_two_problems_share_a_name() -> None:
    names = [PROBLEMS.of(reason).name for reason in sorted(reasons())]
    statuses = {PROBLEMS.of(r).name: PROBLEMS.of(r).status for r in reasons()}
    assert len(statuses) == len(set(names))
    for native in NATIVE:
        assert statuses.get(native.name, native.status) == native.status


def test_what_envoy_and_the_gate_call_alike_reads_alike() -> None:
    ours = {PROBLEMS.of(r).name: PROBLEMS.of(r) for r in reasons()}
    for native in NATIVE:
        if native.name in ours:
            assert ours[native.name].title == native.title
    assert BODY.TYPE == PROBLEM_TYPE


@pytest.mark.parametrize("reason", sorted(reasons()))
def test_outside_a_problem_has_these_members_and_no_others(reason: str) -> None:
    problem = body(reason, request_id="r-1")
    faults = ["faults"] if PROBLEMS.of(reason).lists_faults else []
    assert list(problem) == ["type", "title", "status", "detail", "request_id", *faults]
    assert problem["type"] == f"{URN}{PROBLEMS.of(reason).name}"
    assert problem["request_id"] == "r-1"


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        ("malformed", "unknown"),
        ("not-granted", "not-found"),
        ("not-allowed", "not-found"),
        ("no-such-version", "not-found"),
    ],
)
def test_outside_these_read_alike(inside: str, outside: str) -> None:
    assert body(inside) == body(outside)
    detailed = body(inside, is_detailed=True)
    assert detailed["reason"] == inside
    assert detailed["detail"] != body(outside)["detail"]


def test_inside_it_says_whose_api_refused() -> None:
    problem = body("not-allowed", is_detailed=True, api="users", team="identity")
    assert (problem["api"], problem["owner"]) == ("users", "identity")


def test_services_are_told_what_services_send() -> None:
    assert "X-Api-Key" in body("missing")["detail"]
    assert "forecourt token issue" in body("missing", is_mesh=True)["detail"]


def test_a_reason_that_nobody_knows_reads_as_our_fault() -> None:
    assert body("no reason at all")["type"] == f"{URN}edge-fault"


@given(BYTES, BYTES, BYTES, BYTES, st.booleans(), st.integers(100, 599))
def test_is_json_whatever_it_says(
    reason: str, api: str, detail: str, request_id: str, is_detailed: bool, status: int
) -> None:
    problem = body(
        reason,
        api=api,
        team=detail,
        detail=detail,
        request_id=request_id,
        is_detailed=is_detailed,
        status=status,
    )
    assert problem["request_id"] == _read(request_id)
    assert problem["detail"] == _read(detail)
    assert problem["status"] == status


def _read(text: str) -> str:
    """Bytes as whoever reads UTF-8 reads them; else each for itself."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeDecodeError:
        return text


def test_says_what_the_estate_says_in_any_language() -> None:
    said = 'Beträge sind "Geld": 円'
    assert body("operation-gone", detail=said.encode().decode("latin-1"))["detail"] == said
