"""When each key was used last, to the minute."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from forecourt.edge.logged_request import LoggedRequest

# What other credentials are called has a colon: `token:…`, `spiffe:…`.
_KEYS = "key_"
# The gate's word where a key came from an address that it is not for.
_FROM_ELSEWHERE = "address-not-allowed"


def last_uses(requests: Iterable[LoggedRequest]) -> dict[str, datetime]:
    """The minute of each key's latest request, by its id. Refused ones count, which show somebody
    who uses it; not one from where it may not come: that is not who it was given to."""
    found: dict[str, datetime] = {}
    for request in requests:
        key = request.credential
        if key is None or not key.startswith(_KEYS) or _is_a_finders(request):
            continue
        minute = request.time.astimezone(UTC).replace(second=0, microsecond=0)
        found[key] = max(minute, found.get(key, minute))
    return found


def _is_a_finders(request: LoggedRequest) -> bool:
    return request.reason == _FROM_ELSEWHERE
