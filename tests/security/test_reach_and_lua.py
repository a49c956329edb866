"""`reach` says exactly whom the edge lets through: the watch over widenings hangs on it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from forecourt.compiler.ir.edge import Edge
from forecourt.compiler.reach import Reach, reach_of_api
from forecourt.estate.model import Estate
from tests.security.compiled import compiled
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


@settings(max_examples=60)
@given(estates(), narrowings())
def test_the_lua_lets_through_exactly_what_reach_says(estate: Estate, narrowed: Narrowings) -> None:
    of = never_browned_out(edge(estate, narrowed))
    let_through, said = admitted(of, compiled(of), TODAY), reach_of_apis(of)
    assert let_through - said == frozenset(), "reach does not know of these"
    assert said - let_through == frozenset(), "nobody can do these"
