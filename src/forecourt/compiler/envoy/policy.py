"""What the gate is told of a route: a small value that rides on the route and names itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from hashlib import sha256
from operator import attrgetter

import msgspec

from forecourt.compiler.envoy.spelling import Json
from forecourt.compiler.ir.apis import Api, CallerPolicy, Version, mock_upstream
from forecourt.compiler.limits import bucket_shift, spelled_limit
from forecourt.estate.posture import WITHOUT_CREDENTIAL

KEY = attrgetter("upstream.key")
# Among callers by audience: who brings no credential (`edge/lua/forecourt/anonymous.lua`).
ANONYMOUS = "anonymous"
BASE_PATH = attrgetter("upstream.base_path")


def differs(versions: tuple[Version, ...], what: Callable[[Version], str]) -> bool:
    """Whether one route leads to several: the gate then says which, version by version."""
    return len({what(version) for version in versions}) > 1


def are_raised(versions: tuple[Version, ...]) -> bool:
    """Whether calls of some are raised: the gate then says where each request goes."""
    return any(version.lens for version in versions)


def policy(api: Api, versions: tuple[Version, ...]) -> Json:
    """The policy of a route that serves these versions of an API."""
    has_bases = differs(versions, BASE_PATH) or are_raised(versions)
    shift = bucket_shift(api.name)
    return {
        "api": api.name,
        "audience": api.audience.value,
        "team": api.team,
        "by_header": api.by_header,
        **({"by_flags": True} if api.by_flags else {}),
        "versions": [
            {
                **_version(api, version),
                **({"upstream": version.upstream.key} if differs(versions, KEY) else {}),
                **({"base": version.upstream.base_path} if has_bases else {}),
            }
            for version in versions
        ],
        "prefix": versions[0].prefix,
        **({"shift": shift} if _has_limits(versions) else {}),
        # Where the mock has what test keys ask for (`edge/lua/forecourt/admission.lua`).
        **({"test_base": mock_upstream(api.name).base_path} if are_raised(versions) else {}),
        **({} if api.allow is None else {"allow": [*api.allow, ""]}),
        "callers": {caller.audience.value: _caller(caller, shift) for caller in api.callers}
        | _strangers(api, versions),
    }


def _strangers(api: Api, versions: tuple[Version, ...]) -> Json:
    """What holds for who brings no credential: what holds for the public, and a limit by address.

    They are turned away first, whoever the API's public callers give way to, and pay from no other
    bucket than that of an address (`lowering.strangers`).
    """
    opened = next((v.anonymous for v in versions if v.anonymous is not None), None)
    public = next((c for c in api.callers if c.audience is WITHOUT_CREDENTIAL), None)
    if opened is None or public is None:
        return {}
    theirs = replace(public, precedence=None, credentials=(ANONYMOUS,), limit=None)
    return {
        ANONYMOUS: {
            **_caller(theirs, 0),
            "per_minute": opened.limit.per_minute,
            "capacity": opened.limit.capacity,
            "bucket": opened.bucket,
        }
    }


def _caller(caller: CallerPolicy, shift: int) -> Json:
    return {
        "errors": caller.errors,
        "credentials": list(caller.credentials),
        "demands_scopes": caller.demands_scopes,
        "request_check": caller.request_check,
        "response_check": caller.response_check,
        "unknown_parameters": caller.unknown_parameters,
        "body_bytes": caller.body_bytes,
        "body_depth": caller.body_depth,
        "body_keys": caller.body_keys,
        **({} if caller.precedence is None else {"class": caller.precedence}),
        **({"brownouts": True} if caller.meets_brownouts else {}),
        **({} if caller.limit is None else {"limit": spelled_limit(caller.limit, shift)}),
    }


def _has_limits(versions: tuple[Version, ...]) -> bool:
    """Whether an operation has a limit of its own: its bucket lies beside the API's."""
    return any(ref.has_limits for version in versions for ref in version.contracts)


def name_of(api: Api, versions: tuple[Version, ...], spelled: Json) -> str:
    """A route's name: changes whenever the policy does, so the gate may remember by name."""
    digest = sha256(msgspec.json.encode(spelled, order="sorted")).hexdigest()[:12]
    version = versions[0].name if len(versions) == 1 else ""
    return f"{api.name}@{version}#{digest}"


def _version(api: Api, version: Version) -> Json:
    spelled: Json = {"name": version.name, "status": version.status}
    if version.feature:
        spelled["feature"] = version.feature
    if version.deprecated:
        spelled["deprecated"] = epoch(version.deprecated)
    if version.sunset:
        spelled["sunset"] = epoch(version.sunset)
    if version.successors:
        spelled["successors"] = [
            {"name": name, "link": _link(api, version, name)} for name in version.successors
        ]
    if version.guide:
        is_url = "://" in version.guide
        spelled["guide" if is_url else "guide_file"] = version.guide
    if version.brownouts:
        spelled["brownouts"] = [
            int(moment.timestamp()) for b in version.brownouts for moment in (b.begins, b.ends)
        ]
    if version.lens:
        spelled |= {"lens": version.lens.digest, "speaks": version.lens.speaks}
    contracts = {
        ref.audience.value: {"way_in": ref.way_in, "way_out": ref.way_out}
        for ref in version.contracts
    }
    if (opened := version.anonymous) is not None:
        contracts[ANONYMOUS] = {"way_in": opened.way_in, "way_out": opened.way_out}
        spelled["anonymous_till"] = epoch(opened.until)
    if contracts:
        spelled["contracts"] = contracts
    return spelled


def _link(api: Api, version: Version, successor: str) -> str:
    """Where a successor stands (RFC 5829, section 3.4).

    One that has no path of its own is told by the value of `API-Version`, as a parameter of the
    link (RFC 8288, section 3.4.2).
    """
    prefix = next(v.prefix for v in api.versions if v.name == successor)
    link = f'<{prefix}>; rel="successor-version"'
    return link if prefix != version.prefix else f'{link}; api-version="{successor}"'


def epoch(day: date) -> int:
    """Seconds since 1970 at which a day begins, in UTC."""
    return int(datetime.combine(day, time(), UTC).timestamp())
