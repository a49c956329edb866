"""Somebody sends what the contract refuses, over and over: a fuzzer looks for a way in.

A client with a mistake in it sends some such requests among others. One that sends nothing else, at
a rate that no retry has, is either broken or an attack, and its minute off harms neither.
"""

from __future__ import annotations

from forecourt.defence.detector import Detector, Sighting, Threshold, caller_of
from forecourt.edge.logged_request import LoggedRequest

_NOT_AS_DECLARED = frozenset(
    {
        "parameters-invalid",
        "body-missing",
        "body-unexpected",
        "body-unparseable",
        "body-invalid",
        "body-too-large",
        "media-type-not-supported",
        "ambiguous-path",
    }
)


def _sees(request: LoggedRequest) -> Sighting | None:
    subject = caller_of(request)
    if subject is None:
        return None
    return Sighting(subject, counts=request.reason in _NOT_AS_DECLARED)


DETECTOR = Detector(
    name="validation-flood",
    threshold=Threshold(seconds=60, at_least=80, share=0.9, outright=2_000),
    sees=_sees,
    counted="requests that break the contract",
)
