"""Say why a request was let through or refused, step by step; or what would become of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from forecourt.actions.assumed_caller import (
    KeyLookup,
    Known,
    Lookup,
    Nobody,
    NoSuchCaller,
    SeveralKeys,
    assumed_caller,
    caller_in_log,
)
from forecourt.actions.assumed_client import ClientLookup
from forecourt.actions.block import KnownBlocks
from forecourt.actions.caller_now import as_it_stands
from forecourt.actions.check_estate import Examined
from forecourt.actions.decide_request import ANONYMOUS, Request, Verdict, decide_request, met
from forecourt.actions.estate_states import Changed, State, changed, named, state_of, state_on_disk
from forecourt.actions.logged_refusal import logged_refusal
from forecourt.actions.narrowed_then import PartRecord, narrowed_then
from forecourt.actions.pin import KnownPins
from forecourt.actions.quota import KnownSpending
from forecourt.actions.revision import Narrowing, Revision
from forecourt.actions.steps import Case, Step, steps_of
from forecourt.actions.suspension import KnownSuspensions
from forecourt.actions.trial import Trial, Trials
from forecourt.compiler.contracts.operations import CompiledOperation
from forecourt.compiler.deciding import Route, route_of
from forecourt.compiler.ir.apis import CallerPolicy, Version
from forecourt.compiler.ir.edge import Edge
from forecourt.compiler.refusals import Refusal
from forecourt.edge.logged_request import LoggedRequest
from forecourt.edge.trial import Tried


class ServedRevisions(PartRecord, Protocol):
    """What explaining needs of what was published."""

    async def newest(self) -> Revision | None:
        """The last one that was published."""
        ...

    async def newest_by(self, moment: datetime) -> Revision | None:
        """The last one that had been published by a moment."""
        ...

    async def parts(self, number: int) -> dict[str, str]:
        """The text of each part of a revision."""
        ...


class Narrowings(Protocol):
    """What explaining needs of what was narrowed by hand."""

    async def standing(self) -> tuple[Narrowing, ...]:
        """Every narrowing in force."""
        ...


class ServedContracts(Protocol):
    """What explaining needs of contracts as the edge has them."""

    async def of(self, digests: frozenset[str]) -> dict[str, bytes]:
        """Those of these that are kept, by digest."""
        ...


class Folder(Protocol):
    """What explaining needs of the estate's folder as it is now."""

    async def examined(self, apis: frozenset[str]) -> Examined:
        """The estate, with the contracts of these APIs; others need not be read."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Explaining:
    """What explaining needs of the world. `local`: the estate stands in for the real one."""

    revisions: ServedRevisions
    narrowings: Narrowings
    keys: KeyLookup
    clients: ClientLookup
    spending: KnownSpending
    pins: KnownPins
    suspensions: KnownSuspensions
    blocks: KnownBlocks
    contracts: ServedContracts
    folder: Folder
    trials: Trials
    local: bool

    @property
    def lookup(self) -> Lookup:
        """Where callers are looked up."""
        return Lookup(keys=self.keys, clients=self.clients)


@dataclass(frozen=True, slots=True)
class NothingPublished:
    """There is no revision that could decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A decision, explained.

    `revision` decided it, `serving` is the newest. `refusal` None: it was let through, or would be.
    `again` is what comes of deciding a logged request again from what was published then, where
    that is not what was logged. `now` and `on_disk` say how the newest revision and the folder
    differ, None: in nothing that is about this request. `is_as_routed`: the route's policy is, to
    the digest, the one that decided.
    """

    request: Request
    logged: LoggedRequest | None
    revision: Revision
    serving: Revision
    route: Route | None
    version: Version | None
    refusal: Refusal | None
    steps: tuple[Step, ...]
    again: Verdict | None = None
    now: Changed | None = None
    on_disk: Changed | None = None
    is_as_routed: bool = True


async def explain_logged(
    logged: LoggedRequest, world: Explaining
) -> Explanation | NothingPublished:
    """Why that request ended as it did, by the revision that was served then."""
    serving = await world.revisions.newest()
    if serving is None:
        return NothingPublished()
    revision = await world.revisions.newest_by(logged.time) or serving
    request = Request(
        method=logged.method,
        path=logged.path.partition("?")[0],  # a query decides nothing, and may hold a secret
        listener="internal" if logged.listener == "internal" else "external",
        wanted=logged.version,  # what it meant, whether it named it or not
        at=logged.time,
    )
    state = await _state(revision, world, request, logged=logged)
    caller = await _logged_caller(logged, state.edge, world)
    if logged.consumer == ANONYMOUS:
        caller = met(state.edge, request, caller, state.contents)
    refusal = logged_refusal(logged)
    route = route_of(state.edge.apis, request.listener, request.path)
    version = _logged_version(logged, route, refusal)
    is_told = route is None or not route.api.by_header or logged.version is not None
    verdict = _decided(state, request, caller) if is_told else None
    disk = await _on_disk(state, request, world)
    again = _again(verdict, refusal, caller)
    case = Case(
        request=request,
        edge=state.edge,
        route=route,
        version=version,
        caller=caller,
        refusal=refusal,
        operation=logged.operation,
        found=None if verdict is None else verdict.decision.operation,
        estate=disk.estate,
        documents={document: read.judged for document, read in disk.read.items()},
        narrowed=state.narrowed,
        logged=logged,
        unexplained_by=None if again is None else revision.number,
    )
    served = state if serving == revision else await _state(serving, world, request)
    would = state_on_disk(disk, served, local=world.local)
    return Explanation(
        request=request,
        logged=logged,
        revision=revision,
        serving=serving,
        route=route,
        version=version,
        refusal=refusal,
        steps=tuple(steps_of(case)),
        again=again,
        now=await changed(case, state, served, world.lookup),
        on_disk=await changed(case, served, would, world.lookup),
        is_as_routed=logged.route in (None, named(route)),
    )


async def explain_assumed(
    request: Request, reference: str | None, world: Explaining
) -> Explanation | NothingPublished | NoSuchCaller | SeveralKeys:
    """What would become of a request that nobody made, by the newest revision.

    `reference` is the caller's, as `assumed_caller` reads it; None: no credential.
    """
    serving = await world.revisions.newest()
    if serving is None:
        return NothingPublished()
    state = await _state(serving, world, request)
    caller: Known | Nobody = Nobody()
    if reference not in (None, ANONYMOUS):
        found = await assumed_caller(
            reference, callers=state.edge.callers, lookup=world.lookup, now=request.at
        )
        if isinstance(found, NoSuchCaller | SeveralKeys):
            return found
        caller = await as_it_stands(found, request.at, world)
    caller = met(state.edge, request, caller, state.contents)
    verdict = _decided(state, request, caller)
    route, version = verdict.route, verdict.decision.version
    disk = await _on_disk(state, request, world)
    tried = await _tried(verdict, state, request, caller, world.trials)
    refusal = verdict.refusal or _refused_by(tried, route, caller)
    case = Case(
        request=request,
        edge=state.edge,
        route=route,
        version=version,
        caller=caller,
        refusal=refusal,
        tried=tried,
        operation=_named(verdict),
        found=verdict.decision.operation,
        estate=disk.estate,
        documents={document: read.judged for document, read in disk.read.items()},
        narrowed=state.narrowed,
    )
    would = state_on_disk(disk, state, local=world.local)
    return Explanation(
        request=request,
        logged=None,
        revision=serving,
        serving=serving,
        route=route,
        version=version,
        refusal=refusal,
        steps=tuple(steps_of(case)),
        on_disk=await changed(case, state, would, world.lookup),
    )


async def _tried(
    verdict: Verdict, state: State, request: Request, caller: Known | Nobody, trials: Trials
) -> Tried | None:
    """What the edge says of path and query, where the request comes so far and that is judged."""
    decision, policy = verdict.decision, _policy(verdict.route, caller)
    if decision.refusal is not None or policy is None or policy.request_check == "off":
        return None
    if not isinstance(decision.operation, CompiledOperation) or request.query is None:
        return None
    assert verdict.route is not None and decision.version is not None
    contracts = decision.version.contracts
    way_in = next(c.way_in for c in contracts if c.audience is policy.audience)
    asked = Trial(
        caller=policy,
        way_in=way_in,
        content=state.contents[way_in],
        method=request.method,
        prefix=verdict.route.prefix,
        target=f"{request.path}?{request.query}" if request.query else request.path,
    )
    return await trials.of(asked)


def _policy(route: Route | None, caller: Known | Nobody) -> CallerPolicy | None:
    if route is None or not isinstance(caller, Known):
        return None
    return route.policy(caller.entitlement.audience)


def _refused_by(tried: Tried | None, route: Route | None, caller: Known | Nobody) -> Refusal | None:
    """Where it is only observed, nothing is refused."""
    policy = _policy(route, caller)
    if tried is None or policy is None or policy.request_check != "enforce":
        return None
    is_broken = tried.verdict == Refusal.PARAMETERS_INVALID.word
    return Refusal.PARAMETERS_INVALID if is_broken else None


async def _state(
    revision: Revision, world: Explaining, request: Request, *, logged: LoggedRequest | None = None
) -> State:
    """What that revision served; narrowed by what stands, of a logged request by what did then."""
    parts = await world.revisions.parts(revision.number)
    narrowed: Mapping[str, Narrowing] = {n.api: n for n in await world.narrowings.standing()}
    if logged is not None:
        stood = {name: n for name, n in narrowed.items() if n.at <= logged.time}
        narrowed = await narrowed_then(logged, parts, stood, world.revisions)
    state = state_of(parts, narrowed)
    route = route_of(state.edge.apis, request.listener, request.path)
    versions = route.versions if route else ()
    held = (c for v in versions for c in (*v.contracts, v.anonymous) if c is not None)
    digests = frozenset(c.way_in for c in held)
    digests |= frozenset(v.lens.digest for v in versions if v.lens)
    return replace(state, contents=await world.contracts.of(digests))


async def _on_disk(state: State, request: Request, world: Explaining) -> Examined:
    """The folder, with the contracts of what stands at the path there, or is served there."""
    without = await world.folder.examined(frozenset())
    would = state_on_disk(without, state, local=world.local)
    routes = (route_of(s.edge.apis, request.listener, request.path) for s in (state, would))
    return await world.folder.examined(frozenset(r.api.name for r in routes if r is not None))


def _decided(state: State, request: Request, caller: Known | Nobody) -> Verdict:
    return decide_request(state.edge, request, caller, state.contents)


async def _logged_caller(logged: LoggedRequest, edge: Edge, world: Explaining) -> Known | Nobody:
    """Whom the log names. Where nobody is named the request brought nothing that counts."""
    if logged.credential is None or logged.consumer is None or logged.is_by_access_token:
        return Nobody()  # of a token of ours, what it was for is not kept
    found = await caller_in_log(
        logged.credential,
        logged.consumer,
        callers=edge.callers,
        lookup=world.lookup,
        now=logged.time,
    )
    if not isinstance(found, Known):
        return Nobody()
    # That it was needed is the first that is said of a known caller.
    was_there = logged_refusal(logged) is not Refusal.CERTIFICATE_REQUIRED
    return replace(found, brings_certificate=was_there)


def _logged_version(
    logged: LoggedRequest, route: Route | None, refusal: Refusal | None
) -> Version | None:
    """The version that was called: that of the route, or the one that the log names."""
    if route is None:
        return None
    if not (route.api.by_header or route.api.by_flags):
        return None if refusal is Refusal.NO_SUCH_VERSION else route.versions[0]
    return next((v for v in route.versions if v.name == logged.version), None)


def _named(verdict: Verdict) -> str | None:
    found = verdict.decision.operation
    return found.name if isinstance(found, CompiledOperation) else None


def _again(
    verdict: Verdict | None, refusal: Refusal | None, caller: Known | Nobody
) -> Verdict | None:
    """What is decided again, where it is not what was logged. What only the request itself shows,
    such as a limit that was used up, is not decided again."""
    if verdict is None or not isinstance(caller, Known) or verdict.refusal is refusal:
        return None
    if refusal is Refusal.RATE_LIMITED:  # it was asked no further
        return None
    if verdict.refusal is None and refusal not in _DECIDED_BY_ESTATE:
        return None
    return verdict


_DECIDED_BY_ESTATE = frozenset(
    {
        Refusal.CERTIFICATE_REQUIRED,
        Refusal.NOT_FOUND,
        Refusal.NOT_GRANTED,
        Refusal.NOT_ALLOWED,
        Refusal.CREDENTIAL_NOT_ACCEPTED,
        Refusal.NO_SUCH_VERSION,
        Refusal.VERSION_NOT_NAMED,
        Refusal.RETIRED,
        Refusal.BROWNOUT,
        Refusal.NO_SUCH_OPERATION,
        Refusal.METHOD_NOT_DECLARED,
    }
)
