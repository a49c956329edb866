"""Somebody tries credentials until one fits.

Counted by address: nobody is known. Only what looked like a credential and stood for nobody counts;
a client that lost its key, and sends none, guesses nothing. Who does not prove to be a client of
the authorization server guesses its secret, also while it has to wait there. Many callers may share
an address, so most of what comes from it must be guesses, unless they are very many.
"""

from __future__ import annotations

from forecourt.defence.detector import Detector, Sighting, Subject, Threshold
from forecourt.defence.networks import one_caller
from forecourt.edge.logged_request import LoggedRequest

_GUESSES = frozenset({"malformed", "unknown"})


def _sees(request: LoggedRequest) -> Sighting | None:
    network = one_caller(request.address)
    if request.listener != "external" or network is None:
        return None
    is_guess = request.reason in _GUESSES or request.is_unproved
    return Sighting(Subject("address", network), counts=is_guess)


# A client whose key was revoked and that tries again twice a second stays below; one that guesses a
# key of 160 bits at 30 a minute never ends.
DETECTOR = Detector(
    name="credential-guessing",
    threshold=Threshold(seconds=10, at_least=30, share=0.5, outright=300),
    sees=_sees,
    counted="credentials that stand for nobody",
)
