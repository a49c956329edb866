"""A line of the access log as a value: the one place that knows how a line is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

# How the gate's word begins where a request was let through although it would be refused, were it
# not only observed (`edge/lua/forecourt/inward.lua`).
OBSERVED = "observed "

# How the name of the route ends that a test key's requests take (`compiler/envoy/mocked.py`).
_OF_A_TEST = "/mock"

# Access tokens of ours are named by their client (`actions/oauth/access.py`).
_CLIENT = "client_"

# How the names of the gateway's own routes begin (`compiler/envoy/own_routes.py`).
_OWN = "own:"
# What is said there to whoever proves nothing, or has to wait until it may (`server/oauth/`).
_UNPROVED = 401


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRequest:
    """What was logged of one request (`compiler/envoy/access_log.py`).

    `api` stands at the path, None where nothing does; `route` names it with the digest of its
    policy. `is_test`: a test key's request, which went to the mock. `consumer`, `application`,
    `credential` and `audience` are None where nobody was known. `version` is that of an admitted
    request, `operation` the one of the contract that was found. `reason` is the gate's word for a
    refusal, `replaced` the way out's for what took the place of an answer; `details` and `flags`
    are Envoy's. `place` is what `edge/lua/forecourt/places.lua` gave it. `status` is 0 where the
    caller left before an answer. `milliseconds` in all. `address` is that of the connection.
    """

    time: datetime
    request_id: str
    listener: str
    method: str
    path: str
    route: str | None
    is_test: bool
    api: str | None
    version: str | None
    operation: str | None
    audience: str | None
    consumer: str | None
    application: str | None
    credential: str | None
    status: int
    reason: str | None
    replaced: str | None
    details: str
    flags: str
    milliseconds: int | None
    address: str | None = None
    place: str | None = None

    @property
    def is_by_access_token(self) -> bool:
        """Whether it came with an access token of ours."""
        return self.credential is not None and self.credential.startswith(_CLIENT)

    @property
    def is_unproved(self) -> bool:
        """Whether somebody did not prove to be a client of the authorization server."""
        return self.route is not None and self.route.startswith(_OWN) and self.status == _UNPROVED

    @property
    def is_refused(self) -> bool:
        """Whether the gate refused it."""
        return self.reason is not None and not self.reason.startswith(OBSERVED)


def logged_request(line: bytes) -> LoggedRequest | None:
    """The request of a line; None for a line that is cut short, none of ours, or about a request
    that broke HTTP's rules before it had an id."""
    try:
        fields = msgspec.json.decode(line, type=dict[str, Any], strict=False)
        named = _text(fields, "route")
        route = named.removesuffix(_OF_A_TEST) if named else None
        return LoggedRequest(
            time=datetime.fromisoformat(fields["time"]),
            request_id=_needed(fields, "request_id"),
            listener=_needed(fields, "listener"),
            method=_text(fields, "method") or "",
            path=_text(fields, "path") or "",
            route=route,
            is_test=route != named,
            api=_api(route),
            version=_text(fields, "version"),
            operation=_text(fields, "operation"),
            audience=_text(fields, "audience"),
            consumer=_text(fields, "consumer"),
            application=_text(fields, "application"),
            credential=_text(fields, "credential"),
            status=int(fields["status"] or 0),
            reason=_text(fields, "reason"),
            replaced=_text(fields, "replaced"),
            details=_text(fields, "details") or "",
            flags=_text(fields, "flags") or "",
            milliseconds=None if fields.get("duration") is None else int(fields["duration"]),
            address=_text(fields, "address"),
            place=_text(fields, "place"),
        )
    except (msgspec.DecodeError, KeyError, TypeError, ValueError):
        return None


def _api(route: str | None) -> str | None:
    """What a route serves; None of the gateway's own (`compiler/envoy/own_routes.py`)."""
    if route is None or route.startswith(_OWN):
        return None
    return route.partition("@")[0] or None


def _text(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) and value not in ("", "-") else None


def _needed(fields: dict[str, Any], name: str) -> str:
    text = _text(fields, name)
    if text is None:
        raise KeyError(name)
    return text
