"""Somebody looks for what is there: one path after another that is not.

Only what the gate itself does not know counts, and each path once: a client that asks for things
which its service no longer has is answered by the service, and one that polls a path that is gone
asks for one.
"""

from __future__ import annotations

from forecourt.defence.detector import Detector, Sighting, Subject, Threshold, caller_of
from forecourt.defence.networks import one_caller
from forecourt.edge.logged_request import LoggedRequest

_NOT_THERE = frozenset({404, 405})


def _sees(request: LoggedRequest) -> Sighting | None:
    subject = caller_of(request)
    network = one_caller(request.address)
    if subject is None and request.listener == "external" and network is not None:
        subject = Subject("address", network)
    if subject is None:
        return None
    counts = request.is_refused and request.status in _NOT_THERE
    return Sighting(subject, counts=counts, what=request.path.partition("?")[0])


# A client built for another version asks for a dozen paths that are gone, among others.
DETECTOR = Detector(
    name="scanning",
    threshold=Threshold(seconds=60, at_least=30, share=0.5, distinct=20, outright=600),
    sees=_sees,
    counted="requests for what is not there",
)
