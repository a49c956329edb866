"""Somebody tries which operations a credential opens.

Each operation counts once: a client that lacks one scope is refused at the one operation it needs,
as often as it tries; one that goes through them all holds a credential that is not its own.
"""

from __future__ import annotations

from forecourt.defence.detector import Detector, Sighting, Threshold, caller_of
from forecourt.edge.logged_request import LoggedRequest


def _sees(request: LoggedRequest) -> Sighting | None:
    subject = caller_of(request)
    if subject is None:
        return None
    what = f"{request.api} {request.operation or request.method}"
    return Sighting(subject, counts=request.reason == "scope-missing", what=what)


DETECTOR = Detector(
    name="scope-probing",
    threshold=Threshold(seconds=60, at_least=10, share=0.5, distinct=4, outright=200),
    sees=_sees,
    counted="requests for which a scope is missing",
)
