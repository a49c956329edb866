"""A service calls what no `allow` lets it call: it is not what it says, or not where it should be.

Counted by service. Inside, nobody is cut off for that: its owner is told.
"""

from __future__ import annotations

from forecourt.defence.detector import Detector, Sighting, Subject, Threshold
from forecourt.edge.logged_request import LoggedRequest


def _sees(request: LoggedRequest) -> Sighting | None:
    if request.listener != "internal" or request.application is None:
        return None
    subject = Subject("application", request.application)
    return Sighting(subject, counts=request.reason == "not-allowed", what=request.api or "")


# With the patience that services have: ten in two minutes.
DETECTOR = Detector(
    name="not-allowed",
    threshold=Threshold(seconds=120, at_least=1),
    sees=_sees,
    counted="calls that no `allow` names",
    most="report",
)
