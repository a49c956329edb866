"""One key is used from many places at once: it leaked, or is passed around.

Places are networks as an organisation has them, so that a fleet of one's own machines is one. A
token of an issuer names a person each, and a service is known by its identity: only keys and
clients of ours count. Nor does what comes from where a key may not be used: whoever found it cannot
call, and must not be able to have it refused to its owner.
"""

from __future__ import annotations

from forecourt.defence.detector import Detector, Sighting, Threshold, caller_of
from forecourt.defence.networks import one_site
from forecourt.edge.logged_request import LoggedRequest

# Keys, and clients of ours with all their tokens.
_OF_ONE_APPLICATION = ("key_", "client_")
# The gate's word where a key came from an address that it is not for.
_FROM_ELSEWHERE = "address-not-allowed"


def _sees(request: LoggedRequest) -> Sighting | None:
    subject, site = caller_of(request), one_site(request.address)
    if subject is None or site is None or not subject.id.startswith(_OF_ONE_APPLICATION):
        return None
    return Sighting(subject, counts=request.reason != _FROM_ELSEWHERE, what=site)


# Functions in a cloud leave by a handful of such networks in a minute, a large fleet by a dozen.
DETECTOR = Detector(
    name="many-addresses",
    threshold=Threshold(seconds=60, at_least=40, distinct=40),
    sees=_sees,
    counted="requests from networks of so many organisations",
)
