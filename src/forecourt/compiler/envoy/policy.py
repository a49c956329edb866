"""What the gate is told of a route: a small value that rides on the route and names itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from hashlib import sha256

import msgspec

from forecourt.compiler.envoy.spelling import Json
from forecourt.compiler.ir.apis import Api, Version


def policy(api: Api, versions: tuple[Version, ...], upstreams: dict[str, str] | None) -> Json:
    """The policy of a route that serves these versions of an API.

    `upstreams` maps a version to its cluster where one route leads to several.
    """
    return {
        "api": api.name,
        "audience": api.audience.value,
        "team": api.team,
        "by_header": api.by_header,
        "versions": [_version(v, upstreams) for v in versions],
        **({} if api.allow is None else {"allow": [*api.allow, ""]}),
        "callers": {
            caller.audience.value: {
                "errors": caller.errors,
                "body_bytes": caller.body_bytes,
                "credentials": list(caller.credentials),
            }
            for caller in api.callers
        },
    }


def name_of(api: Api, versions: tuple[Version, ...], spelled: Json) -> str:
    """A route's name: changes whenever the policy does, so the gate may remember by name."""
    digest = sha256(msgspec.json.encode(spelled, order="sorted")).hexdigest()[:12]
    version = versions[0].name if len(versions) == 1 else ""
    return f"{api.name}@{version}#{digest}"


def _version(version: Version, upstreams: dict[str, str] | None) -> Json:
    spelled: Json = {"name": version.name, "status": version.status}
    if version.deprecated:
        spelled["deprecated"] = epoch(version.deprecated)
    if version.sunset:
        spelled["sunset"] = epoch(version.sunset)
        spelled["sunset_date"] = http_date(version.sunset)
    if version.successor:
        spelled["successor"] = version.successor
    if version.guide:
        spelled["guide"] = version.guide
    if upstreams is not None:
        spelled["upstream"] = upstreams[version.name]
    return spelled


def epoch(day: date) -> int:
    """Seconds since 1970 at which a day begins, in UTC."""
    return int(datetime.combine(day, time(), UTC).timestamp())


def http_date(day: date) -> str:
    """A day's beginning as an HTTP-date (RFC 9110, section 5.6.7)."""
    return format_datetime(datetime.combine(day, time(), UTC), usegmt=True)
