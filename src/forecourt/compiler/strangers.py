"""What a route has for who brings no credential, as `anonymous.lua` decides it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from forecourt.compiler.contracts.operations import CompiledOperation, find_operation
from forecourt.compiler.deciding import Caller, Route, decide
from forecourt.compiler.ir.apis import ContractRef, Version
from forecourt.estate.posture import WITHOUT_CREDENTIAL

# Nobody by name: it holds no scope, feature or contract.
STRANGER = Caller(
    kind="anonymous",
    application="",
    audience=WITHOUT_CREDENTIAL,
    scopes=(),
    grants=None,
    sunsets=(),
    needs_certificate=False,
)


def opened(
    route: Route | None,
    request: tuple[str, str],
    wanted: str | None,
    now: datetime,
    contents: Mapping[str, bytes],
) -> Route | None:
    """The route as strangers have it, where anybody may call what the request asks for.

    None: nobody may, and that is all it says. `request` is method and path; `contents` are compiled
    contracts by digest.
    """
    its = None if route is None else _for_strangers(route, now.date())
    if its is None:
        return None
    version = decide(its, STRANGER, wanted, now).version
    held = next(iter(version.contracts), None) if version is not None else None
    if held is None or held.way_in not in contents:
        return None
    method, path = request
    found = find_operation(contents[held.way_in], method, path.removeprefix(its.prefix))
    return its if isinstance(found, CompiledOperation) else None


def _for_strangers(route: Route, today: date) -> Route | None:
    public = route.policy(WITHOUT_CREDENTIAL)
    if public is None or all(v.anonymous is None for v in route.versions):
        return None
    policy = replace(public, credentials=(STRANGER.kind,), precedence=None)
    return replace(
        route,
        api=replace(route.api, callers=(policy,)),
        versions=tuple(_for_stranger(version, today) for version in route.versions),
    )


def _for_stranger(version: Version, today: date) -> Version:
    its = version.anonymous
    if its is None or today >= its.until:
        return replace(version, contracts=())
    held = ContractRef(
        audience=WITHOUT_CREDENTIAL, way_in=its.way_in, way_out=its.way_out, exact=its.exact
    )
    return replace(version, contracts=(held,))
