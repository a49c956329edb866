"""What stands at the path: an API, and the versions that are below one prefix."""

from __future__ import annotations

from forecourt.actions.steps.case import Case
from forecourt.actions.steps.places import in_api, posture
from forecourt.actions.steps.step import Outcome, StepKind, Told
from forecourt.actions.steps.wording import listed, on_record
from forecourt.compiler.deciding import Route, route_of, routes
from forecourt.compiler.refusals import Refusal
from forecourt.governance.nearest import did_you_mean

_MOST_PREFIXES = 5


def _refuses(case: Case) -> bool:
    return case.refusal is Refusal.NOT_FOUND and case.route is None


def _passed(case: Case) -> Told:
    route = case.route
    if route is None:
        # Who calls is asked first, and the answer is the same for all paths.
        return Told(says=_nothing(case), outcome=Outcome.NO_MATTER)
    key = "path" if route.api.by_header else f"versions.{route.versions[0].name}"
    return Told(
        says=_standing(route) + _narrowed(case, route),
        grounds=(in_api(case, key), posture(case, "listener")),
    )


def _standing(route: Route) -> str:
    api = route.api
    if api.by_header:
        named = listed(v.name for v in route.versions)
        return f"`{api.name}` at {route.prefix}, versions by `API-Version`: {named}"
    version = route.versions[0].name
    return f"`{api.name}`{f' version {version}' if version else ''} at {route.prefix}"


def _narrowed(case: Case, route: Route) -> str:
    narrowing = case.narrowed.get(route.api.name)
    if narrowing is None:
        return ""
    return f"; {on_record(narrowing)}"


def _nothing(case: Case) -> str:
    return f"nothing stands at {case.request.path} on the {case.request.listener} listener"


def _refused(case: Case) -> Told:
    other = "internal" if case.request.listener == "external" else "external"
    elsewhere = route_of(case.edge.apis, other, case.request.path)
    if elsewhere is not None:
        return _on_the_other(case, elsewhere)
    prefixes = tuple(sorted(routes(case.edge.apis, case.request.listener)))
    some = listed(f"`{p}`" for p in prefixes[:_MOST_PREFIXES])
    way_out = did_you_mean(_begin(case.request.path), prefixes, f"here stand {some}")
    return Told(says=_nothing(case), ways_out=(way_out,))


def _begin(path: str) -> str:
    """As much of a path as most prefixes have."""
    return "/".join(path.partition("?")[0].split("/")[:3]).rstrip("/") + "/"


def _on_the_other(case: Case, elsewhere: Route) -> Told:
    api = elsewhere.api
    declared = case.estate.apis.get(api.name)
    place = None if declared is None else declared.places["audience"]
    if api.name in case.narrowed:
        told = f"`{api.name}` was {on_record(case.narrowed[api.name])}"
        way_out = f"`forecourt open {api.name}` ends that, on the record"
    elif "external" in api.listeners:
        unreleased = next((v for v in elsewhere.versions if not v.is_released), api.versions[0])
        told = f"version {unreleased.name} of `{api.name}` is a {unreleased.status}: inside only"
        place = None if declared is None else declared.places[f"versions.{unreleased.name}"]
        way_out = f"set its `status` to current{f' in {place}' if place else ''}, and open it"
    else:
        told = f"`{api.name}` stands there on the internal listener only"
        way_out = (
            "call the internal listener as a declared service; or widen `audience`"
            f"{f' in {place}' if place else ''} and `forecourt open {api.name}`"
        )
    return Told(says=f"{_nothing(case)}: {told}", grounds=(place,), ways_out=(way_out,))


STEP = StepKind(name="route", refuses=_refuses, passed=_passed, refused=_refused)
