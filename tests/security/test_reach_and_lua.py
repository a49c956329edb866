"""`reach` says exactly whom the edge lets through: the watch over widenings hangs on it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from forecourt.compiler.ir.edge import Edge
from forecourt.compiler.reach import STRANGER, Reach, reach_of_api
from forecourt.estate.model import Estate
from tests.examples import some_of
from tests.security.compiled import compiled
from tests.security.contracted import ASKED, Contracted, contracted
from tests.security.deciding import admitted
from tests.security.estates import TODAY, Narrowings, edge, estates, narrowings


def reach_of_apis(of: Edge) -> frozenset[Reach]:
    return frozenset(r for api in of.apis for r in reach_of_api(api, of.callers, TODAY))


def never_browned_out(of: Edge) -> Edge:
    """A brownout takes nothing away for good, or its end would be a widening."""
    apis = (
        replace(api, versions=tuple(replace(v, brownouts=()) for v in api.versions))
        for api in of.apis
    )
    return replace(of, apis=tuple(apis))


def below(operation: str) -> tuple[str, str]:
    """A request for an operation: `GET /things/{id}` as a method and what follows a prefix."""
    method, _, template = operation.partition(" ")
    return method, re.sub(r"\{\w+\}", "7", template).removeprefix("/")


def strangers(reach: Iterable[Reach]) -> frozenset[Reach]:
    return frozenset(r for r in reach if r.who == STRANGER)


@pytest.mark.hypothesis  # `make search` sees no examples within a test
def test_the_lua_lets_who_brings_nothing_do_exactly_what_reach_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "contracts").mkdir()
    monkeypatch.chdir(tmp_path)  # where the Lua looks for contracts
    met = 0

    @settings(max_examples=8)
    @given(contracted(estates()), narrowings())
    def they_say_the_same(given: Contracted, narrowed: Narrowings) -> None:
        nonlocal met
        of = never_browned_out(given.edge(narrowed))
        for digest, content in given.compiled.contents.items():
            (tmp_path / "contracts" / digest).write_bytes(content)
        said = strangers(reach_of_apis(of))
        named = {
            o for a in of.apis for v in a.versions if v.anonymous for o in v.anonymous.operations
        }
        asked = (*ASKED, *map(below, sorted(named)))
        let_through = admitted(of, compiled(of), TODAY, below=asked, who=STRANGER)
        assert let_through - said == frozenset(), "reach does not know of these"
        assert said - let_through == frozenset(), "nobody can do these"
        met += len(said)

    they_say_the_same()
    assert met > 0


@settings(max_examples=some_of(60))
@given(estates(), narrowings())
def test_the_lua_lets_through_exactly_what_reach_says(estate: Estate, narrowed: Narrowings) -> None:
    of = never_browned_out(edge(estate, narrowed))
    let_through, said = admitted(of, compiled(of), TODAY), reach_of_apis(of)
    assert let_through - said == frozenset(), "reach does not know of these"
    assert said - let_through == frozenset(), "nobody can do these"
