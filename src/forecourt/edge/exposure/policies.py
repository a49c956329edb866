"""What the gate is told of a route outside: no narrower API, version, caller or operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from forecourt.edge.exposure.configuration import Json, Leaf
from forecourt.edge.exposure.guarded import Guarded, GuardedOperation, Opening
from forecourt.estate.audience import Audience

# The filter's name under which a route carries its policy.
POLICY_FILTER = "envoy.filters.http.lua"

# The gateway's own authorization server: where it is asked, and by which paths.
OAUTH_CLUSTER, OAUTH_SOCKET = "forecourt-oauth", "run/oauth.sock"
_OAUTH = frozenset(
    {"/.well-known/oauth-authorization-server"}
    | {f"/oauth/{name}" for name in ("introspect", "jwks", "revoke", "token")}
)

# Who brings no credential, among the callers of a policy.
STRANGERS = "anonymous"

# What the gate is told of a version that only callers with its feature reach.
_PREVIEW = "preview"

_OUTSIDE = frozenset(audience.value for audience in Audience if audience.is_external)


def policy_of(route: Json) -> Mapping[str, Any]:
    """The policy that rides on a route; empty where there is none, and the gate admits nobody."""
    metadata = (route.get("metadata") or {}).get("filter_metadata") or {}
    found: Mapping[str, Any] = (metadata.get(POLICY_FILTER) or {}).get("policy") or {}
    return found


def policy_openings(
    leaf: Leaf, declared: Mapping[str, Guarded], contracts: Mapping[str, bytes]
) -> Iterator[Opening]:
    """What a policy lets be reached that the estate does not."""
    told = policy_of(leaf.route)
    if not told:
        return
    if "own" in told:
        yield from _own_openings(leaf, told)
        return
    name = str(told.get("api"))
    api = declared.get(name)
    if api is None:
        yield _opening(leaf, f"it serves `{name}`, which no file declares")
        return
    if not api.is_outside:
        yield _opening(leaf, f"it serves `{name}`, which is {api.audience.value}")
    if str(told.get("audience")) != api.audience.value:
        said = f"the gate is told that `{name}` is {told.get('audience')}"
        if _wider(str(told.get("audience")), api.audience):
            yield _opening(leaf, f"{said}, and it is declared {api.audience.value}")
    for version in told.get("versions", ()):
        if version.get("name") not in api.released:
            because = f"it serves version {version.get('name')} of `{name}`, which is not released"
            yield _opening(leaf, because)
        if version.get("name") in api.previews and version.get("status") != _PREVIEW:
            because = f"the gate is not told that version {version.get('name')} is a preview"
            yield _opening(leaf, because)
        yield from _operations(leaf, version, api, contracts)
    for caller in told.get("callers", {}):
        if caller == STRANGERS:
            if api.audience is not max(Audience):
                because = f"anybody counts there; `{name}` is {api.audience.value}"
                yield _opening(leaf, because)
        elif caller not in _OUTSIDE:
            yield _opening(leaf, f"{caller} callers count there, who are known inside only")
        elif Audience(caller) > api.audience:
            yield _opening(leaf, f"{caller} callers count there; `{name}` is {api.audience.value}")
    if "allow" in told:
        yield _opening(leaf, "it names services that may call, which are known inside only")


def _own_openings(leaf: Leaf, told: Mapping[str, Any]) -> Iterator[Opening]:
    """The gate lets everybody through there, so it must be the authorization server by its whole
    path, and nothing else."""
    cluster = (leaf.route.get("route") or {}).get("cluster")
    path = (leaf.route.get("match") or {}).get("path")
    if cluster != OAUTH_CLUSTER or path not in _OAUTH or told.keys() - {"own", "callers"}:
        yield _opening(leaf, "the gate lets everybody through, and it is not what we ourselves say")


def _operations(
    leaf: Leaf, version: Json, api: Guarded, contracts: Mapping[str, bytes]
) -> Iterator[Opening]:
    """Operations in what the edge loads for callers who must not know of them."""
    for caller, references in (version.get("contracts") or {}).items():
        bundles = [contracts.get(str(digest), b"") for digest in references.values()]
        for operation in api.operations:
            if operation.version != version.get("name"):
                continue
            if _may_know(caller, operation):
                continue
            name = f"{operation.method} {operation.template}"
            if any(_text(name) in bundle for bundle in bundles):
                yield _opening(leaf, _found(caller, name, operation))


def for_anybody(leaf: Leaf, declared: Mapping[str, Guarded]) -> Iterator[str]:
    """What anybody may call there without a credential: `GET /rates of shop version 1, until …`."""
    told = policy_of(leaf.route)
    api = declared.get(str(told.get("api")))
    for version in told.get("versions", ()) if api is not None else ():
        till = version.get("anonymous_till")
        for operation in api.operations if api is not None and till is not None else ():
            if operation.is_for_anybody and operation.version == version.get("name"):
                day = datetime.fromtimestamp(float(till), UTC).date()
                of = f"{told['api']} version {operation.version}".removesuffix(" version ")
                yield f"{operation.method} {operation.template} of {of}, until {day}"


def _may_know(caller: str, operation: GuardedOperation) -> bool:
    if caller == STRANGERS:
        return operation.is_for_anybody and operation.audience is max(Audience)
    return caller in {a.value for a in Audience} and Audience(caller) <= operation.audience


def _found(caller: str, name: str, operation: GuardedOperation) -> str:
    if caller == STRANGERS:
        return f"anybody finds `{name}` without a credential, which no waiver lets them call"
    return f"{caller} callers find `{name}`, which is {operation.audience.value}"


def _wider(said: str, audience: Audience) -> bool:
    return said not in {a.value for a in Audience} or Audience(said) > audience


def _text(name: str) -> bytes:
    """A text as LuaJIT's string buffers hold it: 32 and its length as ULEB128, then its bytes."""
    content = name.encode()
    rest, head = len(content) + 32, bytearray()
    while rest > 127:
        head.append(rest & 127 | 128)
        rest >>= 7
    head.append(rest)
    return bytes(head) + content


def _opening(leaf: Leaf, because: str) -> Opening:
    return Opening(place=leaf.place, because=because)
