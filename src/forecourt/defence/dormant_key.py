"""A key that nobody used for months is used again: somebody found it.

Or it is that of a yearly report: nothing is refused for it, its owner is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from forecourt.defence.detector import Detector, Finding, Sighting, Threshold, caller_of
from forecourt.edge.logged_request import LoggedRequest
from forecourt.estate.audience import Audience

DORMANT = timedelta(days=90)


def _sees(request: LoggedRequest) -> Sighting | None:
    subject = caller_of(request)
    return None if subject is None else Sighting(subject, counts=not request.is_refused)


# It takes to know when a key was used last: `woken` counts, not the windows.
DETECTOR = Detector(
    name="dormant-key",
    threshold=Threshold(seconds=int(DORMANT.total_seconds()), at_least=1),
    sees=_sees,
    counted="calls by a key that nobody had used for 90 days",
    most="report",
)


def woken(requests: Iterable[LoggedRequest], last: Mapping[str, datetime]) -> tuple[Finding, ...]:
    """The keys among the callers whose last use, or issue, was so long before; each once."""
    found: dict[str, Finding] = {}
    for request in requests:
        sighting, key = _sees(request), request.credential
        if sighting is None or not sighting.counts or key is None or key in found:
            continue
        if key in last and request.time - last[key] >= DORMANT:
            found[key] = Finding(
                detector=DETECTOR,
                subject=sighting.subject,
                audience=Audience(request.audience or Audience.PUBLIC.value),
                api=request.api,
                counted=1,
                distinct=1,
                samples=(request.request_id,),
                consumers=() if request.consumer is None else (request.consumer,),
            )
    return tuple(found.values())
