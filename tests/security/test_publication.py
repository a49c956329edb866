"""Publishing never opens anything by itself, whatever was changed at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from forecourt.actions.parts import API, Parts, api_part, edge_of, wanted_parts
from forecourt.actions.plan_publication import HeldBecause, Plan, Standing, part_digest, plan
from forecourt.compiler.reach import Reach, reach_of_edge
from forecourt.diagnostics import Diagnostic, Severity, Span
from forecourt.estate.api import Upstream
from forecourt.estate.audience import Audience
from forecourt.estate.model import Estate
from tests.examples import some_of
from tests.security.estates import TODAY, Narrowings, estates, narrowings


def parts(estate: Estate) -> dict[str, str]:
    return wanted_parts(estate, {}, local=False)


def standing(**given: object) -> Standing:
    fields: dict[str, object] = {
        "today": TODAY,
        "errors": {},
        "narrowings": {},
        "rejected": frozenset(),
    }
    return Standing(**(fields | given))  # type: ignore[arg-type]


def reach(of: Parts, narrowed: Narrowings) -> frozenset[Reach]:
    return reach_of_edge(edge_of(of, narrowed), TODAY)


def an_error(name: str = "path-overlap") -> Diagnostic:
    return Diagnostic(
        code="FC000", name=name, severity=Severity.ERROR, span=Span("f.yaml", 1, 1), message="bad"
    )


@st.composite
def changes(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, str]]:
    """Parts before and after: most of the second estate's, some of the first's as they were."""
    before, after = parts(draw(estates())), parts(draw(estates()))
    for part in before:
        if draw(st.booleans()):
            after[part] = before[part]
    return before, after


@settings(max_examples=some_of(80))
@given(changes(), narrowings())
def test_nothing_is_reached_that_was_not_reached_before(
    change: tuple[Parts, Parts], narrowed: Narrowings
) -> None:
    before, after = change
    planned = plan(before, after, standing(narrowings=narrowed))
    assert reach(planned.parts, narrowed) <= reach(before, narrowed)
    assert planned.openings == ()


@settings(max_examples=some_of(30))
@given(changes(), st.lists(estates(), max_size=2), narrowings())
def test_not_by_several_steps_either(
    change: tuple[Parts, Parts], later: list[Estate], narrowed: Narrowings
) -> None:
    """Two changes that open something only together do not both slip through, one after another."""
    before, after = change
    served: Parts = before
    for wanted in (after, *map(parts, later), after):
        served = plan(served, wanted, standing(narrowings=narrowed)).parts
        assert reach(served, narrowed) <= reach(before, narrowed)


@settings(max_examples=some_of(30))
@given(changes(), st.data())
def test_only_what_is_named_opens(change: tuple[Parts, Parts], data: st.DataObject) -> None:
    before, after = change
    changed = sorted(p for p in {*before, *after} if before.get(p) != after.get(p))
    opened = (
        frozenset(data.draw(st.lists(st.sampled_from(changed), unique=True))) if changed else []
    )
    planned = plan(before, after, standing(opened=frozenset(opened)))
    gained = reach(planned.parts, {}) - reach(before, {})
    assert gained <= set(planned.openings), "it opened more than it told"
    for part in planned.changed:
        if part not in opened:
            assert planned.parts.get(part) == after.get(part)
    if not opened:
        assert not gained


@settings(max_examples=some_of(30))
@given(changes())
def test_opening_everything_publishes_everything(change: tuple[Parts, Parts]) -> None:
    before, after = change
    planned = plan(before, after, standing(opened=frozenset((*before, *after))))
    assert dict(planned.parts) == dict(after)
    assert planned.held == planned.refused == ()


@settings(max_examples=some_of(30))
@given(changes())
def test_what_is_held_says_what_it_would_open(change: tuple[Parts, Parts]) -> None:
    before, after = change
    planned = plan(before, after, standing())
    for held in planned.held:
        assert held.because is HeldBecause.WIDENING
        assert held.openings
        assert planned.parts.get(held.part) == before.get(held.part)


@settings(max_examples=some_of(30))
@given(changes(), st.data())
def test_a_part_with_mistakes_never_moves(change: tuple[Parts, Parts], data: st.DataObject) -> None:
    before, after = change
    errors = _errors(before, after, data, "path-overlap")
    opened = frozenset((*before, *after)) if data.draw(st.booleans()) else frozenset[str]()
    planned = plan(before, after, standing(errors=errors, opened=opened))
    for part in errors:
        assert planned.parts.get(part) == before.get(part), "a mistake was published"
    assert {r.part for r in planned.refused} == set(errors)


@settings(max_examples=some_of(30))
@given(changes(), st.data())
def test_an_expired_waiver_lets_through_nothing_but_a_narrowing(
    change: tuple[Parts, Parts], data: st.DataObject
) -> None:
    before, after = change
    errors = _errors(before, after, data, "waiver-expired")
    planned = plan(before, after, standing(errors=errors))
    for part in errors:
        if planned.parts.get(part) != before.get(part):
            assert part.startswith(API)
            was, now = _alone(planned, before, part), reach(planned.parts, {})
            assert now < was, "it moved and closed nothing"


@given(estates())
@settings(max_examples=some_of(20))
def test_an_expired_waiver_never_keeps_an_api_from_being_narrowed(estate: Estate) -> None:
    before = parts(estate)
    for name, api in estate.apis.items():
        if api.audience is not Audience.PUBLIC:
            continue
        narrower = replace(api, audience=Audience.INTERNAL)
        after = parts(replace(estate, apis={**estate.apis, name: narrower}))
        errors = {api_part(name): (an_error("waiver-expired"),)}
        planned = plan(before, after, standing(errors=errors))
        closes = reach(after, {}) < reach(before, {})
        assert (planned.parts[api_part(name)] == after[api_part(name)]) is closes


@settings(max_examples=some_of(20))
@given(changes())
def test_what_was_rolled_back_waits_for_somebody(change: tuple[Parts, Parts]) -> None:
    before, after = change
    rejected = frozenset((part, part_digest(text)) for part, text in after.items())
    planned = plan(before, after, standing(rejected=rejected))
    for part in after:
        if after[part] != before.get(part):
            assert planned.parts.get(part) == before.get(part)


@settings(max_examples=some_of(20))
@given(estates(), narrowings())
def test_a_version_does_not_come_back_after_its_sunset(
    estate: Estate, narrowed: Narrowings
) -> None:
    """A date is no formality: moving it from yesterday to next year opens what was closed."""
    gone = _with_sunsets(estate, -1)
    back = _with_sunsets(estate, 365)
    planned = plan(parts(gone), parts(back), standing(narrowings=narrowed))
    assert reach(planned.parts, narrowed) <= reach(parts(gone), narrowed)


# --- by way of an upstream ------------------------------------------------------------------------


@st.composite
def sharing(draw: st.DrawFn) -> Estate:
    """An estate whose APIs share a few services, at the root or below a path."""
    estate = draw(estates())
    urls = st.sampled_from(
        [f"http://{host}.svc:8080/{path}" for host in ("a", "b") for path in ("", "x", "x/y", "z")]
    )
    apis = {
        name: replace(
            api,
            versions=tuple(replace(v, upstream=Upstream(url=draw(urls))) for v in api.versions),
        )
        for name, api in estate.apis.items()
    }
    return replace(estate, apis=apis)


def exposed(of: Parts, narrowed: Narrowings) -> set[tuple[Audience, str, int, str]]:
    """Which services callers of which audience reach from outside, at which base path."""
    return {
        (caller, version.upstream.host, version.upstream.port, version.upstream.base_path)
        for api in edge_of(of, narrowed).apis
        if "external" in api.listeners
        for version in api.versions
        if version.is_released
        for caller in (Audience.PARTNER, Audience.PUBLIC)
        if caller <= api.audience
    }


@settings(max_examples=some_of(60))
@given(sharing(), sharing(), narrowings(), st.data())
def test_no_upstream_leads_to_the_service_of_a_narrower_api_that_it_did_not_lead_to(
    one: Estate, other: Estate, narrowed: Narrowings, data: st.DataObject
) -> None:
    """Whichever parts have mistakes and stay as they were: half of a move may open what all of it
    would not."""
    before, after = parts(one), parts(other)
    errors = _errors(before, after, data, "path-overlap")
    planned = plan(before, after, standing(errors=errors, narrowings=narrowed))
    reached = exposed(before, narrowed)
    for api in edge_of(planned.parts, narrowed).apis:
        for caller, host, port, path in exposed(planned.parts, narrowed):
            for version in api.versions:
                up = version.upstream
                is_theirs = (up.host, up.port) == (host, port) and (
                    up.base_path.startswith(path) or path.startswith(up.base_path)
                )
                if api.audience < caller and is_theirs:
                    assert any(
                        c >= caller and (h, p) == (host, port) and path.startswith(b)
                        for c, h, p, b in reached
                    ), f"{caller.value} callers reach the service of {api.name}"


def _with_sunsets(estate: Estate, days: int) -> Estate:
    day = TODAY + timedelta(days=days)
    return replace(
        estate,
        apis={
            name: replace(api, versions=tuple(replace(v, sunset=day) for v in api.versions))
            for name, api in estate.apis.items()
        },
        partners={name: replace(p, sunsets={}) for name, p in estate.partners.items()},
    )


def _errors(
    before: Parts, after: Parts, data: st.DataObject, name: str
) -> Mapping[str, tuple[Diagnostic, ...]]:
    chosen = data.draw(st.lists(st.sampled_from(sorted({*before, *after})), unique=True))
    return {part: (an_error(name),) for part in chosen}


def _alone(planned: Plan, before: Parts, part: str) -> frozenset[Reach]:
    """What could be reached if all but that part had moved."""
    without = {p: text for p, text in planned.parts.items() if p != part}
    if part in before:
        without[part] = before[part]
    return reach(without, {})
