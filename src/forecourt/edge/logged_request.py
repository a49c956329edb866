"""A line of the access log as a value: the one place that knows how a line is written."""

from __future__ import annotations

from datetime import datetime

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


class LoggedRequest(msgspec.Struct, frozen=True, kw_only=True):
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


class _Line(msgspec.Struct, kw_only=True):
    """The fields of a line that are read, as they are written."""

    time: datetime
    request_id: str
    listener: str
    method: str | None = None
    path: str | None = None
    route: str | None = None
    version: str | None = None
    operation: str | None = None
    audience: str | None = None
    consumer: str | None = None
    application: str | None = None
    credential: str | None = None
    status: int | None
    reason: str | None = None
    replaced: str | None = None
    details: str | None = None
    flags: str | None = None
    duration: int | None = None
    address: str | None = None
    place: str | None = None


_LINES = msgspec.json.Decoder(_Line)


def logged_request(line: bytes) -> LoggedRequest | None:
    """The request of a line; None for a line that is cut short, none of ours, or about a request
    that broke HTTP's rules before it had an id."""
    try:
        read = _LINES.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if not _said(read.request_id) or not _said(read.listener):
        return None
    named = _said(read.route)
    route = named.removesuffix(_OF_A_TEST) if named else None
    return LoggedRequest(
        time=read.time,
        request_id=read.request_id,
        listener=read.listener,
        method=_said(read.method) or "",
        path=_said(read.path) or "",
        route=route,
        is_test=route != named,
        api=_api(route),
        version=_said(read.version),
        operation=_said(read.operation),
        audience=_said(read.audience),
        consumer=_said(read.consumer),
        application=_said(read.application),
        credential=_said(read.credential),
        status=read.status or 0,
        reason=_said(read.reason),
        replaced=_said(read.replaced),
        details=_said(read.details) or "",
        flags=_said(read.flags) or "",
        milliseconds=read.duration,
        address=_said(read.address),
        place=_said(read.place),
    )


def _api(route: str | None) -> str | None:
    """What a route serves; None of the gateway's own (`compiler/envoy/own_routes.py`)."""
    if route is None or route.startswith(_OWN):
        return None
    return route.partition("@")[0] or None


def _said(text: str | None) -> str | None:
    """What stands in a field; Envoy writes `-` where nothing does."""
    return None if text in (None, "", "-") else text
