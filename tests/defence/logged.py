"""Lines of traffic, as a test describes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from forecourt.defence.detector import Detector, Finding
from forecourt.defence.watch import Watch
from forecourt.edge.logged_request import LoggedRequest
from tests.actions.builders import NOW
from tests.edge.logged import a_logged_request

STRANGER: dict[str, Any] = {
    "audience": None,
    "consumer": None,
    "application": None,
    "credential": None,
    "address": "203.0.113.7",
}
# Who calls, without a credential, what anybody may.
ANYBODY: dict[str, Any] = {**STRANGER, "audience": "public", "consumer": "anonymous"}
PUBLIC: dict[str, Any] = {
    "audience": "public",
    "consumer": "developer:ada",
    "application": "app_1",
    "credential": "key_1",
    "address": "203.0.113.7",
}


def spread(
    number: int, seconds: float, *, until: datetime = NOW, **fields: Any
) -> Iterator[LoggedRequest]:
    """So many requests, evenly spread over the seconds before; a field that is a list is gone
    through, again and again."""
    for n in range(number):
        at = until - timedelta(seconds=seconds * (number - n - 1) / number)
        its = {k: v[n % len(v)] if isinstance(v, list) else v for k, v in fields.items()}
        yield a_logged_request(time=at.isoformat(), **({"request_id": f"r-{n}"} | its))


def found_by(detector: Detector, requests: Iterable[LoggedRequest]) -> tuple[Finding, ...]:
    """What a detector finds in these, told as they come: once a second."""
    return tuple(found_in(requests, detector))


def found_in(requests: Iterable[LoggedRequest], *detectors: Detector) -> Iterator[Finding]:
    """The same for several."""
    watch = Watch(detectors)
    by_second: dict[datetime, list[LoggedRequest]] = {}
    for request in requests:
        by_second.setdefault(request.time.replace(microsecond=0), []).append(request)
    for second, batch in sorted(by_second.items()):
        yield from watch.observe(batch, second + timedelta(seconds=1))
