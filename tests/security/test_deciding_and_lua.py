"""What `why` says the edge decides is what the edge decides: it is no second truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forecourt.actions.assumed_caller import Known, Nobody
from forecourt.actions.decide_request import Request, decide_request
from forecourt.actions.entitlement import Entitlement, Unknown
from forecourt.actions.presented import (
    AnyPresented,
    PresentedAccessToken,
    PresentedCertificate,
    PresentedIdentity,
    PresentedInternalToken,
    PresentedKey,
    PresentedToken,
)
from forecourt.compiler.contracts.operations import CompiledOperation
from forecourt.compiler.deciding import Kind
from forecourt.compiler.ir.apis import Api
from forecourt.compiler.ir.edge import Edge
from forecourt.compiler.lowering.outside import seen_inside, seen_outside
from forecourt.compiler.plain_path import is_plain
from forecourt.estate.model import Estate
from tests.edge.luajit import Lua
from tests.examples import some_of
from tests.security.compiled import Chain, chains, compiled
from tests.security.contracted import ASKED, Contracted, a_plain_one, contracted
from tests.security.deciding import Asked, Said, asked_of
from tests.security.estates import TODAY, Narrowings, edge, estates, narrowings

_NOTHING: Mapping[str, bytes] = {}

_KINDS: dict[type, Kind] = {
    PresentedKey: "api_key",
    PresentedToken: "token",
    PresentedAccessToken: "access_token",
    PresentedCertificate: "certificate",
    PresentedIdentity: "spiffe",
    PresentedInternalToken: "internal_token",
}


@pytest.fixture(autouse=True)
def _seen_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What of an API stands outside is made once for all requests of an example."""
    made: dict[int, tuple[Api, Api | None]] = {}  # the first keeps its number from another

    def once(api: Api) -> Api | None:
        if id(api) not in made:
            made[id(api)] = (api, seen_outside(api))
        return made[id(api)][1]

    monkeypatch.setattr("forecourt.compiler.deciding.seen_outside", once)


def the_verdict(
    of: Edge, chain: Chain, asked: Asked, contents: Mapping[str, bytes] = _NOTHING
) -> Said:
    """What Python says of the same request."""
    request = Request(
        method=asked.method,
        path=asked.path,
        listener="external" if chain.listener == "external" else "internal",
        wanted=asked.wanted,
        at=datetime.combine(TODAY, time(12), UTC),
    )
    verdict = decide_request(of, request, the_caller(asked), contents)
    api = None if verdict.route is None else verdict.route.api.name
    found = verdict.decision.operation
    operation = found.name if isinstance(found, CompiledOperation) else None
    if verdict.refusal is not None:
        return Said(api=api, refusal=verdict.refusal.word, operation=operation)
    assert verdict.decision.version is not None
    return Said(api=api, version=verdict.decision.version.name, operation=operation)


def as_seen(of: Edge, chain: Chain) -> Edge:
    """Nobody is a stranger on a partner's own host."""
    if chain.server_name is None:
        return of
    return replace(of, apis=tuple(map(seen_inside, of.apis)))


def the_caller(asked: Asked) -> Known | Nobody:
    if asked.caller.brings is None:
        return Nobody()
    kind = _KINDS[type(asked.caller.brings)]
    match asked.stands_for:
        case Entitlement():
            return Known(kind=kind, entitlement=asked.stands_for)
        case Unknown(reason=reason):
            return Nobody(kind=kind, because=reason)
        case None:
            return Nobody()


def test_every_kind_of_credential_is_compared() -> None:
    assert set(_KINDS) == set(get_args(AnyPresented))


@pytest.mark.hypothesis  # `make search` sees no examples within a test
def test_why_lets_through_and_refuses_as_the_lua_does() -> None:
    met: set[str | None] = set()

    @settings(max_examples=some_of(60))
    @given(estates(), narrowings())
    def they_say_the_same(estate: Estate, narrowed: Narrowings) -> None:
        of = edge(estate, narrowed)
        made = compiled(of)
        for chain in chains(made):
            seen = as_seen(of, chain)
            for asked in asked_of(chain, of, made, TODAY):
                assert the_verdict(seen, chain, asked) == asked.said, asked
                met.add(asked.said.refusal)

    they_say_the_same()
    assert met >= _MUST_BE_MET


@pytest.mark.hypothesis  # `make search` sees no examples within a test
def test_why_finds_operations_and_demands_scopes_as_the_lua_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "contracts").mkdir()
    monkeypatch.chdir(tmp_path)  # where the Lua looks for contracts, and nothing else
    met: set[str | None] = set()
    found: set[str | None] = set()

    @settings(max_examples=some_of(10))
    @example(a_plain_one(), {})
    @given(contracted(estates()), narrowings())
    def they_say_the_same(given: Contracted, narrowed: Narrowings) -> None:
        of, contents = given.edge(narrowed), given.compiled.contents
        for digest, content in contents.items():
            (tmp_path / "contracts" / digest).write_bytes(content)
        made = compiled(of)
        for chain in chains(made):
            seen = as_seen(of, chain)
            for asked in asked_of(chain, of, made, TODAY, below=ASKED, unnamed=()):
                assert the_verdict(seen, chain, asked, contents) == asked.said, asked
                met.add(asked.said.refusal)
                found.add(asked.said.operation)

    they_say_the_same()
    assert met >= {None, "no-such-operation", "method-not-declared", "scope-missing"}
    assert found > {None}


@pytest.mark.hypothesis  # `make search` sees no examples within a test
def test_a_contract_that_is_not_there_is_missing_to_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    met: set[str | None] = set()

    @settings(max_examples=some_of(5))
    @example(a_plain_one())
    @given(contracted(estates()))
    def they_say_the_same(given: Contracted) -> None:
        of = given.edge({})
        made = compiled(of)
        for chain in chains(made):
            seen = as_seen(of, chain)
            for asked in asked_of(chain, of, made, TODAY, unnamed=()):
                assert the_verdict(seen, chain, asked) == asked.said, asked
                met.add(asked.said.refusal)

    they_say_the_same()
    assert "contract-missing" in met


# All that the estate and the caller decide; None lets through.
_MUST_BE_MET = {
    *(None, "missing", "unknown", "certificate-required", "not-found", "not-granted"),
    *("not-allowed", "credential-not-accepted", "no-such-version", "retired"),
    "brownout",
}


_PATHS = Lua().module("paths")
_PIECES = st.sampled_from(
    (
        *("/", "a", ".", "..", ";", "%", "%2e", "%2F", "%3b", "%25", "%zz", "%c3%bc", "%c0%ae"),
        *("%e2%80%a4", "%ed%a0%80", "%20", "%7f", " ", "?", "x=1", "ü", "\N{FULLWIDTH SOLIDUS}"),
    )
)


@settings(max_examples=some_of(1000))
@given(st.lists(_PIECES, max_size=8).map("".join))
def test_a_path_reads_one_way_to_both(path: str) -> None:
    as_bytes = f"/{path}".encode().decode("latin-1")
    assert is_plain(f"/{path}") is _PATHS.is_plain(as_bytes)
