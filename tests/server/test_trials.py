"""Envoy, started for one question, says of path and query what the Lua says in the gate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from forecourt.actions.trial import Trial
from forecourt.compiler.contracts.compile import CompiledContract, compile_contract
from forecourt.compiler.ir.apis import CallerPolicy
from forecourt.edge import trial as edge_trial
from forecourt.edge.trial import Tried
from forecourt.estate.audience import Audience
from forecourt.server.trials import EnvoyTrials
from tests.edge.lua.inward.incoming import CALLER, Incoming, a_document, contract_of
from tests.edge.luajit import Lua

pytestmark = pytest.mark.end_to_end

_NUMBER = {"type": "integer"}
_DOCUMENT = a_document(
    path="/things/{id}",
    parameters=[
        {"name": "id", "in": "path", "required": True, "schema": _NUMBER},
        {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 9}},
        {"name": "tags", "in": "query", "schema": {"type": "array", "items": _NUMBER}},
        {"name": "word", "in": "query", "schema": {"type": "string", "pattern": "(?=a)a"}},
    ],
)


@pytest.fixture(scope="module")
def compiled() -> CompiledContract:
    return compile_contract(contract_of(_DOCUMENT), Audience.PUBLIC)


def a_policy(**given: Any) -> CallerPolicy:
    policy = {key: value for key, value in CALLER.items() if key in CallerPolicy.__slots__}
    return CallerPolicy(
        audience=Audience.PUBLIC,
        credentials=(),
        demands_scopes=False,
        response_check="off",
        **(policy | given),  # type: ignore[arg-type]
    )


async def tried(compiled: CompiledContract, rest: str, **given: Any) -> Tried | None:
    return await EnvoyTrials().of(
        Trial(
            caller=a_policy(**given),
            way_in=compiled.way_in_digest,
            content=compiled.way_in,
            method="GET",
            prefix="/v1/",
            target=f"/v1/{rest}",
        )
    )


@pytest.mark.parametrize(
    ("id", "query"),
    [
        ("1", ""),
        ("one", ""),
        ("%31", "limit=9"),
        ("1", "limit=10"),
        ("1", "limit=1&limit=2"),
        ("1", "tags=1&tags=2"),
        ("1", "tags=a"),
        ("1", "other=1"),
        ("1", "limit=%zz"),
        ("1", "word=a"),
    ],
)
async def test_says_what_the_gate_would(compiled: CompiledContract, id: str, query: str) -> None:
    inside = Incoming(Lua(), contract_of(_DOCUMENT)).parameters(query or None, path=[id])
    found = await tried(compiled, f"things/{id}" + (f"?{query}" if query else ""))
    assert found is not None
    assert found.verdict == (inside.reason or "kept")
    assert [(f.where, f.name, f.rule, f.expected) for f in found.faults] == [
        (f.where, f.name or "", f.rule, f.expected or "") for f in inside.faults
    ]


async def test_the_callers_own_terms_count(compiled: CompiledContract) -> None:
    found = await tried(compiled, "things/1?other=1", unknown_parameters="allow")
    assert found == Tried(verdict="kept")


async def test_what_is_demanded_besides_is_named_and_hides_nothing() -> None:
    document = json.loads(json.dumps(_DOCUMENT))
    field = {"name": "X-Trace", "in": "header", "required": True, "schema": _NUMBER}
    document["paths"]["/things/{id}"]["get"]["parameters"].append(field)
    compiled = compile_contract(contract_of(document), Audience.PUBLIC)
    kept = await tried(compiled, "things/1")
    assert kept is not None
    assert (kept.verdict, [f.name for f in kept.needed]) == ("kept", ["x-trace"])
    left = await tried(compiled, "things/1?word=a")
    assert left is not None
    assert left.verdict == "cannot-judge"


@pytest.mark.parametrize("rest", ["things/1?a b", "things/1?a\r\nx: y", "things/\u00fc"])
async def test_what_no_request_line_holds_is_not_sent(
    compiled: CompiledContract, rest: str
) -> None:
    assert await tried(compiled, rest) is None


async def test_what_envoy_takes_for_no_request_is_said(compiled: CompiledContract) -> None:
    assert await tried(compiled, "things/1?a#b") == Tried(verdict="malformed-request")


async def test_without_an_envoy_nothing_is_said(
    compiled: CompiledContract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge_trial, "envoy_binary", lambda: Path("/nowhere"))
    assert await tried(compiled, "things/1") is None


async def test_an_envoy_that_ends_at_once_is_not_waited_for(
    compiled: CompiledContract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge_trial, "envoy_binary", lambda: Path("/bin/false"))
    monkeypatch.setattr(edge_trial, "_START_SECONDS", 3600.0)
    assert await tried(compiled, "things/1") is None
