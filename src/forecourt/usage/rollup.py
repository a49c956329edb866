"""How many requests a day reached each version, by who called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date

from forecourt.edge.logged_request import LoggedRequest

# Refused only because the version is not served for a while: its caller is one that brownouts are
# for.
_STILL_CALLING = "brownout"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class UsageKey:
    """Who called what on a day (UTC). `version` is "" of an API that has none."""

    day: date
    api: str
    version: str
    consumer: str
    application: str


def usage_key(request: LoggedRequest) -> UsageKey | None:
    """What a request counts for; None where it reached no version: it was refused before, nobody
    was known, or it was a test."""
    if request.api is None or request.consumer is None or request.application is None:
        return None
    is_counted = not request.is_refused or request.reason == _STILL_CALLING
    version = _version(request)
    if not is_counted or request.is_test or version is None:
        return None
    return UsageKey(
        day=request.time.astimezone(UTC).date(),
        api=request.api,
        version=version,
        consumer=request.consumer,
        application=request.application,
    )


def rolled_up(requests: Iterable[LoggedRequest]) -> dict[UsageKey, int]:
    """Requests by key."""
    keys = (usage_key(request) for request in requests)
    return dict(Counter(key for key in keys if key is not None))


def _version(request: LoggedRequest) -> str | None:
    """The version that was admitted; else that of the route, which has one where paths do."""
    if request.version is not None:
        return request.version
    named = (request.route or "").partition("@")[2].partition("#")[0]
    if named or not request.is_refused:
        return named
    return None  # it was named in a field that the log does not keep
