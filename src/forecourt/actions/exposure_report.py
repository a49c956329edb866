"""What came of looking for openings: a dated document, and a signature that anybody can check.

The signature is a detached JWS (RFC 7515, appendix F) over the bytes of the document, so that the
document stays readable.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from forecourt.actions.signing_key import ALGORITHM, SigningKey
from forecourt.edge.exposure.guarded import Opening
from forecourt.edge.exposure.partner_hosts import PartnersAsked
from forecourt.edge.exposure.probing import Probed
from forecourt.edge.exposure.proof import Proof
from forecourt.edge.exposure.shadow import Shadow
from forecourt.edge.exposure.upstreams import Upstreams

FORMAT = "forecourt exposure report 1"

# What nobody can tell from where this runs, for who reads the report.
NOT_KNOWN = (
    "whether a network passes calls from outside on to an address that is for a network inside",
    "whether a firewall keeps others from an address that answered here",
    "what a name means to those outside, where it means another address there",
)


class NoKeys(Exception):
    """What should be a JWKS is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureReport:
    """What was looked at, when, and what is open.

    `probed` None: nobody asked the running edge, for the reason in `unprobed`, nor the hosts of
    `partners`. `upstreams` None: nobody asked the services. `shadows` are called, and declared by
    no contract.
    """

    at: datetime
    organization: str
    revision: int | None
    snapshot: str
    proof: Proof
    probed: Probed | None
    unprobed: str = ""
    address: str = ""
    has_credential: bool = False
    partners: PartnersAsked | None = None
    upstreams: Upstreams | None = None
    shadows: tuple[Shadow, ...] = ()

    @property
    def openings(self) -> tuple[Opening, ...]:
        """Everything that is open, what was proven first."""
        return (
            *self.proof.openings,
            *(self.probed.openings if self.probed else ()),
            *(self.partners.openings if self.partners else ()),
            *(self.upstreams.openings if self.upstreams else ()),
        )


def document(report: ExposureReport) -> bytes:
    """The report as JSON."""
    proof, probed = report.proof, report.probed
    written = {
        "format": FORMAT,
        "at": report.at.astimezone(UTC).isoformat(timespec="seconds"),
        "organization": report.organization,
        "revision": report.revision,
        "snapshot": report.snapshot,
        "openings": len(report.openings),
        "proof": {
            "chains": proof.chains,
            "routes": proof.routes,
            "without_a_credential": list(proof.anybody),
            "openings": [asdict(o) for o in proof.openings],
        },
        "probe": None
        if probed is None
        else {
            "address": report.address,
            "with_credential": report.has_credential,
            "targets": probed.targets,
            "targets_left_out": probed.left_out,
            "requests": probed.requests,
            "requests_unjudged": probed.unjudged,
            "spellings_that_end_the_connection": list(probed.unread),
            "openings": [asdict(o) for o in probed.openings],
        },
        "partner_hosts": None if report.partners is None else asdict(report.partners),
        "upstreams": None if report.upstreams is None else _upstreams(report.upstreams),
        "called_and_not_declared": [asdict(shadow) for shadow in report.shadows],
        "not_probed_because": report.unprobed or None,
    }
    return (json.dumps(written, indent=2, ensure_ascii=False) + "\n").encode()


def _upstreams(asked: Upstreams) -> dict[str, object]:
    return {
        "looked_at": [asdict(looked) for looked in asked.looked],
        "left_out": asked.left_out,
        "cannot_be_known_from_here": list(NOT_KNOWN),
        "openings": [asdict(o) for o in asked.openings],
    }


def signature(content: bytes, key: SigningKey) -> str:
    """A detached signature: header, nothing, and signature, with dots between."""
    header = {"alg": ALGORITHM, "kid": key.id}
    compact = jws.serialize_compact(header, content, key.key, algorithms=[ALGORITHM])
    head, _, tail = compact.split(".")
    return f"{head}..{tail}\n"


def is_signed(content: bytes, signed: str, jwks: str) -> bool:
    """Whether one of these keys signed exactly this document. Raises `NoKeys`."""
    parts = signed.strip().split(".")
    if len(parts) != len(("header", "payload", "signature")) or parts[1]:
        return False
    try:
        keys = KeySet.import_key_set(json.loads(jwks))
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        raise NoKeys from None
    try:
        jws.deserialize_compact(
            signed.strip().encode(), keys, algorithms=[ALGORITHM], payload=content
        )
    except (JoseError, ValueError):
        return False
    return True
