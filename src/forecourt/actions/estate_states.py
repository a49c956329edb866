"""States of an estate beside the one that decided: what they differ in, and what they decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from forecourt.actions.assumed_caller import Known, Lookup, Nobody, caller_in_log
from forecourt.actions.check_estate import Examined
from forecourt.actions.decide_request import decide_request
from forecourt.actions.parts import GATEWAY, Parts, api_part, declared_parts, edge_of
from forecourt.actions.published import PARTNER, PREFIX
from forecourt.actions.revision import Narrowing
from forecourt.actions.steps import Case
from forecourt.compiler.deciding import Route, route_of
from forecourt.compiler.envoy.policy import name_of, policy
from forecourt.compiler.ir.edge import Edge
from forecourt.compiler.refusals import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The parts that are served, were or would be; what is narrowed; the edge that they make.

    `contents` are the compiled contracts that stand where the request goes, by digest.
    """

    parts: Parts
    narrowed: Mapping[str, Narrowing]
    edge: Edge
    contents: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Another state differs in what is about a request: `differing` are those parts.

    `refusal` is what it says to the request, None lets through; `is_otherwise`: this state says
    something else, None where the log does not tell enough of the request. `opened` are APIs that
    this state narrows by hand, and the other does not.
    """

    refusal: Refusal | None
    is_otherwise: bool | None
    differing: tuple[str, ...]
    opened: tuple[str, ...] = ()


def state_of(parts: Parts, narrowed: Mapping[str, Narrowing]) -> State:
    """The state that these parts make."""
    edge = edge_of(parts, {name: n.audience for name, n in narrowed.items()})
    return State(parts=parts, narrowed=narrowed, edge=edge)


def state_on_disk(disk: Examined, served: State, *, local: bool) -> State:
    """What the folder would make, all of it; its listeners are the served ones where it names
    none that can be read."""
    wanted = declared_parts(disk, served.parts, local=local)
    wanted.setdefault(GATEWAY, served.parts[GATEWAY])
    return replace(state_of(wanted, served.narrowed), contents=disk.compiled.contents)


async def changed(case: Case, state: State, other: State, lookup: Lookup) -> Changed | None:
    """How another state differs from this one in what is about the case; None: in nothing."""
    routes = [
        route_of(s.edge.apis, case.request.listener, case.request.path) for s in (state, other)
    ]
    differing = tuple(
        part
        for part in dict.fromkeys(_about(case, routes, state, other))
        if state.parts.get(part) != other.parts.get(part)
    )
    if not differing and named(routes[0]) == named(routes[1]):
        return None
    names = dict.fromkeys(route.api.name for route in routes if route is not None)
    opened = tuple(n for n in names if n in state.narrowed and n not in other.narrowed)
    if case.is_field_unknown:
        return Changed(refusal=None, is_otherwise=None, differing=differing, opened=opened)
    before, after = [
        decide_request(s.edge, case.request, await _caller_in(case, s, lookup), s.contents).refusal
        for s in (state, other)
    ]
    is_otherwise = after is not before
    return Changed(refusal=after, is_otherwise=is_otherwise, differing=differing, opened=opened)


def named(route: Route | None) -> str | None:
    """A route as the access log has it, with the digest of its policy."""
    if route is None:
        return None
    return name_of(route.api, route.versions, policy(route.api, route.versions))


def _about(case: Case, routes: Iterable[Route | None], state: State, other: State) -> Iterator[str]:
    """The parts that say something of the request."""
    yield from (api_part(route.api.name) for route in routes if route is not None)
    consumer = _consumer(case) or ""
    kind, _, id = consumer.partition(":")
    if kind == "partner":
        partners = (*state.edge.callers.partners, *other.edge.callers.partners)
        yield from (f"{PARTNER}{p.name}" for p in partners if p.id == id)
    elif kind == "service":
        yield f"{PREFIX}services"
    elif kind == "developer":
        yield f"{PREFIX}plans"


def _consumer(case: Case) -> str | None:
    caller = case.caller
    if isinstance(caller, Known):
        return caller.entitlement.consumer
    held = caller.held or caller.client
    return None if held is None else str(held.application.owner)


async def _caller_in(case: Case, other: State, lookup: Lookup) -> Known | Nobody:
    """The same caller, as that state has it declared."""
    caller, consumer = case.caller, _consumer(case)
    if consumer is None:
        return caller
    if caller.held is not None:
        reference = caller.held.credential.id
    elif caller.client is not None:
        reference = caller.client.client.id
    elif isinstance(caller, Known) and caller.kind != "api_key":
        reference = caller.entitlement.credential
    else:
        reference = consumer
    now = case.request.at
    found = await caller_in_log(
        reference, consumer, callers=other.edge.callers, lookup=lookup, now=now
    )
    if isinstance(found, Known) and isinstance(caller, Known):
        return replace(found, brings_certificate=caller.brings_certificate)
    if isinstance(found, Known | Nobody):
        return found
    return Nobody(kind=caller.kind, because="undeclared")
