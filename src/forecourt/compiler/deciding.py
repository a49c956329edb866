"""What the edge decides of one request, as its Lua does.

The Lua is `access.lua`, `versions.lua` and `contracted.lua`.

It is no second truth: a test asks both about every caller of estates made by chance, and they must
say the same (`tests/security/test_deciding_and_lua.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Literal

from forecourt.compiler import choosing
from forecourt.compiler.contracts.operations import (
    CompiledOperation,
    NoSuchOperation,
    find_operation,
)
from forecourt.compiler.ir.apis import Api, Brownout, CallerPolicy, Version
from forecourt.compiler.ir.callers import AgreedSunset, Grant, Pin
from forecourt.compiler.lenses.finding import Gone, find_raised
from forecourt.compiler.lowering.apis import EXTERNAL, INTERNAL
from forecourt.compiler.lowering.outside import seen_outside
from forecourt.compiler.plain_path import is_plain
from forecourt.compiler.refusals import Refusal
from forecourt.estate.audience import Audience
from forecourt.estate.own_paths import own_path

Kind = Literal[
    "anonymous", "api_key", "token", "access_token", "certificate", "spiffe", "internal_token"
]

# Methods that mean something to proxies or reflect what they were sent.
_REFUSED_METHODS = frozenset({"CONNECT", "TRACE", "TRACK"})

# How the estate names a kind of credential. Only a contract makes a partner's certificate pass its
# own host, so no API needs to accept one.
_WORDS = {
    "anonymous": "anonymous",
    "api_key": "api_key",
    "token": "jwt",
    "access_token": "oauth2",
    "spiffe": "mtls",
    "internal_token": "internal_token",
}

# What is looked at on each listener; a partner that brings certificates has a chain of its own.
LOOKED_AT: dict[str, frozenset[Kind]] = {
    EXTERNAL: frozenset({"anonymous", "api_key", "token", "access_token", "certificate"}),
    INTERNAL: frozenset({"spiffe", "internal_token"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls, as the edge knows it.

    `grants` None: every API that its audience sees. `scopes` None: every scope that needs no user.
    `pins` None: nobody can say now what its application is pinned to.
    """

    kind: Kind
    application: str
    audience: Audience
    scopes: tuple[str, ...] | None
    grants: tuple[Grant, ...] | None
    sunsets: tuple[AgreedSunset, ...]
    needs_certificate: bool
    features: tuple[str, ...] = ()
    pins: tuple[Pin, ...] | None = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What stands at a path on a listener: the versions of an API below one prefix."""

    api: Api
    prefix: str
    versions: tuple[Version, ...]

    def policy(self, audience: Audience) -> CallerPolicy | None:
        """What holds for callers of that audience; None: they do not see the API."""
        return next((c for c in self.api.callers if c.audience is audience), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The version that is called, or why not. `version` is also the one that is retired.

    `operation` is what the contract has for the request; None: it is held to none.
    """

    version: Version | None
    operation: CompiledOperation | NoSuchOperation | None = None
    refusal: Refusal | None = None


def refused_unread(method: str, path: str) -> Refusal | None:
    """Why a request is refused before anybody asks who calls."""
    if method in _REFUSED_METHODS:
        return Refusal.METHOD
    return None if is_plain(path) else Refusal.AMBIGUOUS_PATH


def routes(apis: Iterable[Api], listener: str) -> dict[str, Route]:
    """Everything that stands on a listener, by prefix."""
    found: dict[str, Route] = {}
    for declared in apis:
        api = seen_outside(declared) if listener == EXTERNAL else declared
        if api is None or listener not in api.listeners:
            continue
        for prefix in dict.fromkeys(version.prefix for version in api.versions):
            versions = tuple(v for v in api.versions if v.prefix == prefix)
            found[prefix] = Route(api=api, prefix=prefix, versions=versions)
    return found


def route_of(apis: Iterable[Api], listener: str, path: str) -> Route | None:
    """What stands at a path: the longest prefix wins, but for what is the gateway's own."""
    if own_path(listener, path) is not None:
        return None
    found = routes(apis, listener)
    fitting = [prefix for prefix in found if path.startswith(prefix)]
    return found[max(fitting, key=len)] if fitting else None


def decide(route: Route | None, caller: Caller, wanted: str | None, now: datetime) -> Decision:
    """Whether a caller may have what it asks for. `wanted` is the field `API-Version`."""
    if caller.needs_certificate and caller.kind != "certificate":
        return _refused(Refusal.CERTIFICATE_REQUIRED)
    policy = route.policy(caller.audience) if route else None
    if route is None or policy is None:
        return _refused(Refusal.NOT_FOUND)
    if caller.grants is not None and granted(caller, route.api.name) is None:
        return _refused(Refusal.NOT_GRANTED)
    if not allows(route.api, caller):
        return _refused(Refusal.NOT_ALLOWED)
    if not accepts(policy, caller.kind):
        return _refused(Refusal.CREDENTIAL_NOT_ACCEPTED)
    if route.api.by_header and wanted is None and caller.pins is None:
        return _refused(Refusal.UNAVAILABLE)
    version = chosen(route, caller, wanted)
    if version is None:
        has_some = bool(choices(route, caller, now))
        return _refused(Refusal.VERSION_NOT_NAMED if has_some else Refusal.NO_SUCH_VERSION)
    return Decision(version=version, refusal=_ended(route.api, version, caller, now))


def _ended(api: Api, version: Version, caller: Caller, now: datetime) -> Refusal | None:
    gone = sunset_of(api, version, caller)
    if gone is not None and now >= _begin(gone):
        return Refusal.RETIRED
    return None if brownout_of(api, version, caller, now) is None else Refusal.BROWNOUT


def hold(
    decision: Decision,
    route: Route,
    caller: Caller,
    request: tuple[str, str],
    contents: Mapping[str, bytes],
) -> Decision:
    """What the version's contract says of a request, method and path, that was let through so far.

    `contents` are compiled contracts by digest.
    """
    version, policy = decision.version, route.policy(caller.audience)
    if version is None or policy is None:
        return decision
    held = next((c for c in version.contracts if c.audience is caller.audience), None)
    if held is None:
        return _raised(decision, version, None, request, route, contents)
    if held.way_in not in contents:
        return replace(decision, refusal=Refusal.CONTRACT_MISSING)
    method, path = request
    found = find_operation(contents[held.way_in], method, path.removeprefix(route.prefix))
    match found:
        case CompiledOperation():
            lacks = policy.demands_scopes and found.lacking(caller.scopes) is not None
            refusal = Refusal.SCOPE_MISSING if lacks else None
        case NoSuchOperation() if not policy.reaches_operations_only:
            return _raised(decision, version, None, request, route, contents)
        case NoSuchOperation():
            is_there = found.allow is not None
            refusal = Refusal.METHOD_NOT_DECLARED if is_there else Refusal.NO_SUCH_OPERATION
            return replace(decision, operation=found, refusal=refusal)
    held_to = replace(decision, operation=found, refusal=refusal)
    return _raised(held_to, version, found, request, route, contents)


def _raised(
    decision: Decision,
    version: Version,
    found: CompiledOperation | None,
    request: tuple[str, str],
    route: Route,
    contents: Mapping[str, bytes],
) -> Decision:
    """The same, where the service speaks a newer version: what that does not do is not there."""
    if version.lens is None:
        return decision
    if version.lens.digest not in contents:
        return replace(decision, refusal=Refusal.CONTRACT_MISSING)
    method, path = request
    below = path.removeprefix(route.prefix)
    match find_raised(contents[version.lens.digest], found, method, below):
        case NoSuchOperation() as missing:
            is_there = missing.allow is not None
            refusal = Refusal.METHOD_NOT_DECLARED if is_there else Refusal.NO_SUCH_OPERATION
            return replace(decision, refusal=refusal)
        case Gone():
            return replace(decision, refusal=Refusal.OPERATION_GONE)
        case _:
            return decision


def granted(caller: Caller, api: str) -> Grant | None:
    """What the caller's contract says of an API; None where it does not name it."""
    return next((g for g in caller.grants or () if g.api == api), None)


def allows(api: Api, caller: Caller) -> bool:
    """Whether the API's allow list, which is about services, lets the caller through."""
    if api.allow is None or not _is_service(caller):
        return True
    return caller.application in api.allow


def accepts(policy: CallerPolicy, kind: Kind) -> bool:
    """Whether an API takes that kind of credential from such callers."""
    return kind == "certificate" or _WORDS[kind] in policy.credentials


def word_of(kind: Kind) -> str:
    """What the posture calls that kind of credential."""
    return _WORDS.get(kind, "mtls")


def chosen(route: Route, caller: Caller, wanted: str | None) -> Version | None:
    """The version that a request means, of those that the caller may have."""
    api = route.api
    pins = (p.version for p in caller.pins or () if p.api == api.name)
    return choosing.chosen(
        api,
        route.versions,
        lambda version: is_visible(version, api.name, caller),
        wanted=wanted,
        pinned=next(pins, None),
    )


def choices(route: Route, caller: Caller, now: datetime) -> tuple[str, ...]:
    """What the caller may name in `API-Version`: its versions that have not ended."""
    api = route.api
    if not api.by_header:
        return ()
    ends = ((v, sunset_of(api, v, caller)) for v in route.versions)
    live = (v for v, end in ends if end is None or now < _begin(end))
    return tuple(v.name for v in live if is_visible(v, api.name, caller))


def is_visible(version: Version, api: str, caller: Caller) -> bool:
    """Whether a version exists for the caller."""
    if not version.is_released and not _is_service(caller):
        return False
    if not version.is_open_to(caller.features):
        return False
    if caller.grants is None:
        return True
    grant = granted(caller, api)
    return grant is not None and (grant.versions is None or version.name in grant.versions)


def sunset_of(api: Api, version: Version, caller: Caller) -> date | None:
    """The day from which a version is gone: as agreed with the caller, else for everybody."""
    agreed = (s.on for s in caller.sunsets if (s.api, s.version) == (api.name, version.name))
    return next(agreed, version.sunset)


def brownout_of(api: Api, version: Version, caller: Caller, now: datetime) -> Brownout | None:
    """The brownout that a caller meets at that moment; nobody's who was given longer."""
    agreed = sunset_of(api, version, caller)
    if agreed is not None and version.sunset is not None and agreed > version.sunset:
        return None
    if not any(c.meets_brownouts for c in api.callers if c.audience is caller.audience):
        return None
    return next((b for b in version.brownouts if b.begins <= now < b.ends), None)


def successor_of(version: Version, api: str, caller: Caller) -> str | None:
    """The newest version that comes after one and that the caller may use."""
    if caller.grants is None:
        return next(iter(version.successors), None)
    grant = granted(caller, api)
    names = () if grant is None else version.successors
    return next((n for n in names if grant and n in (grant.versions or names)), None)


def _is_service(caller: Caller) -> bool:
    return not caller.audience.is_external


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _refused(refusal: Refusal) -> Decision:
    return Decision(version=None, refusal=refusal)
