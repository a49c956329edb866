"""Whoever is trusted more sees no less, and narrowing by hand takes away and never gives."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from forecourt.compiler.ir.callers import Callers, Grant
from forecourt.compiler.ir.edge import Edge
from forecourt.compiler.narrowing import narrowed
from forecourt.compiler.reach import ANYONE, reach_of_api, reach_of_edge
from forecourt.estate.audience import Audience
from forecourt.estate.model import Estate
from tests.actions.builders import a_partner, a_service, an_issuer
from tests.examples import some_of
from tests.security.compiled import compiled, route_text
from tests.security.estates import TODAY, Narrowings, edge, estates, narrowings

WHO = {
    Audience.PUBLIC: ANYONE,
    Audience.PARTNER: "partner everything",
    Audience.INTERNAL: "service everywhere",
}


def views(of: Edge) -> dict[Audience, frozenset[str]]:
    """What each audience sees: where one caller of each is entitled to all there is."""
    callers = Callers(
        services=(a_service("everywhere"),),
        partners=(
            a_partner(
                "everything",
                grants=tuple(Grant(api=api.name, versions=None) for api in of.apis),
            ),
        ),
        plans=(),
        # Somebody signs for each, so that an API that takes tokens alone has callers of both.
        issuers=tuple(an_issuer(a.value, callers=a) for a in Audience if a.is_external),
        standard=of.callers.standard,
    )
    reached = [
        reach for api in of.apis for reach in reach_of_api(replace(api, allow=None), callers, TODAY)
    ]
    return {a: frozenset(r.what for r in reached if r.who == WHO[a]) for a in Audience}


@settings(max_examples=some_of(60))
@given(estates(), narrowings())
def test_a_narrower_audience_sees_all_that_a_wider_one_sees(
    estate: Estate, made_narrower: Narrowings
) -> None:
    seen = views(edge(estate, made_narrower))
    assert seen[Audience.PUBLIC] <= seen[Audience.PARTNER] <= seen[Audience.INTERNAL]


@settings(max_examples=some_of(60))
@given(estates(), narrowings())
def test_nobody_reaches_what_its_audience_does_not_see(
    estate: Estate, made_narrower: Narrowings
) -> None:
    """The word in the file, or the narrower one said by hand, and nothing else decides."""
    of = edge(estate, made_narrower)
    for api in of.apis:
        declared = estate.apis[api.name].audience
        widest = min(declared, made_narrower.get(api.name, declared))
        for reach in reach_of_api(api, of.callers, TODAY):
            if reach.who == ANYONE:
                assert widest is Audience.PUBLIC
            elif reach.who.startswith("partner "):
                assert widest in {Audience.PARTNER, Audience.PUBLIC}
            else:
                assert reach.listener == "internal"


@settings(max_examples=some_of(60))
@given(estates(), narrowings())
def test_narrowing_by_hand_never_adds_reach(estate: Estate, made_narrower: Narrowings) -> None:
    before = reach_of_edge(edge(estate), TODAY)
    assert reach_of_edge(edge(estate, made_narrower), TODAY) <= before


@settings(max_examples=some_of(60))
@given(estates())
def test_an_api_that_is_narrowed_to_internal_leaves_the_external_listener(estate: Estate) -> None:
    everything = dict.fromkeys(estate.apis, Audience.INTERNAL)
    text = route_text(compiled(edge(estate, everything)), "external")
    for name in estate.apis:
        assert name not in text


@settings(max_examples=some_of(40))
@given(estates(), narrowings())
def test_narrowing_twice_is_narrowing_to_the_narrower(
    estate: Estate, made_narrower: Narrowings
) -> None:
    for api in edge(estate, made_narrower).apis:
        for first in Audience:
            for second in Audience:
                twice = narrowed(narrowed(api, first), second)
                assert twice == narrowed(api, min(first, second))
