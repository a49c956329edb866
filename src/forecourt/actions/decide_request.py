"""What the edge decides of a request: who calls, then what that caller may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from forecourt.actions.assumed_caller import Known, Nobody
from forecourt.actions.entitlement import Entitlement
from forecourt.actions.presented import ListenerName
from forecourt.compiler.deciding import (
    LOOKED_AT,
    Decision,
    Route,
    decide,
    hold,
    refused_unread,
    route_of,
)
from forecourt.compiler.ir.edge import Edge
from forecourt.compiler.refusals import Refusal
from forecourt.compiler.request_line import RequestLine
from forecourt.compiler.strangers import STRANGER, opened

# What upstream and access log are told of who brings no credential, where anybody may call.
ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as the edge reads it.

    `query` is what follows `?`, where that is known and to be judged; None: it is not. `wanted` is
    what its `API-Version` says, None nothing. `line` is how one that nobody made was written.
    """

    method: str
    path: str
    query: str | None = None
    listener: ListenerName
    wanted: str | None
    at: datetime
    line: RequestLine | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What stands at the path, the version that is called, and why the request is refused."""

    route: Route | None
    decision: Decision

    @property
    def refusal(self) -> Refusal | None:
        """None: it is let through."""
        return self.decision.refusal


def decide_request(
    edge: Edge,
    request: Request,
    caller: Known | Nobody,
    contents: Mapping[str, bytes],
) -> Verdict:
    """The verdict over a request that brings one credential, or none.

    `contents` are compiled contracts by digest. Whether a limit is used up, what a request holds
    keeps to the contract, or an upstream answers, only the request itself shows.
    """
    route = route_of(edge.apis, request.listener, request.path)
    caller = met(edge, request, caller, contents)
    if caller.kind == "anonymous" and route is not None:
        asked = (request.method, request.path)
        route = opened(route, asked, request.wanted, request.at, contents)
    refusal = _unread(request) or _unknown(caller, request.listener)
    if refusal is not None or not isinstance(caller, Known):
        return Verdict(route=route, decision=Decision(version=None, refusal=refusal))
    decision = decide(route, caller.caller, request.wanted, request.at)
    if decision.refusal is None and route is not None:
        asked = (request.method, request.path)
        decision = hold(decision, route, caller.caller, asked, contents)
    return Verdict(route=route, decision=decision)


def met(
    edge: Edge,
    request: Request,
    caller: Known | Nobody,
    contents: Mapping[str, bytes],
) -> Known | Nobody:
    """The caller as the edge meets it: nobody is somebody where anybody may call. What does not
    count on a listener is not looked at there."""
    counts = caller != Nobody() and caller.kind in LOOKED_AT[request.listener]
    if counts or request.listener != "external":
        return caller
    route = route_of(edge.apis, request.listener, request.path)
    asked = (request.method, request.path)
    its = opened(route, asked, request.wanted, request.at, contents)
    found = None if its is None else next(v.anonymous for v in its.versions if v.anonymous)
    if found is None:
        return caller
    return Known(
        kind=STRANGER.kind,
        entitlement=Entitlement(
            credential="",
            application=STRANGER.application,
            consumer=ANONYMOUS,
            audience=STRANGER.audience,
            bucket="",  # its address's, which nobody remembers
            limit=found.limit,
            scopes=STRANGER.scopes,
        ),
    )


def _unread(request: Request) -> Refusal | None:
    if request.line is not None and request.line.fault is not None:
        return request.line.fault.refusal
    return refused_unread(request.method, request.path)


def _unknown(caller: Known | Nobody, listener: ListenerName) -> Refusal | None:
    if caller.kind is not None and caller.kind not in LOOKED_AT[listener]:
        return Refusal.MISSING  # what does not count here is not looked at
    if isinstance(caller, Nobody):
        return caller.refusal
    if caller.block is not None:
        return Refusal.BLOCKED
    return None if caller.entitlement.exhausted is None else Refusal.QUOTA_EXHAUSTED
