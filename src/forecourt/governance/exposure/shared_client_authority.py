"""A certificate that identifies one caller would also identify another.

Why it matters
    Whoever signs client certificates decides who the caller is. A partner's authority that is also
    the mesh's could make the partner a service of the organisation; one that is also another
    partner's could make the one the other.

Bad
    # forecourt.yaml
    listeners: {internal: {client_ca: certs/ca.pem}}

    # partners/acme-corp.yaml
    certificates: {ca: ../certs/ca.pem}

Good
    # forecourt.yaml
    listeners: {internal: {client_ca: certs/ca.pem}}

    # partners/acme-corp.yaml
    certificates: {ca: ../certs/acme.pem}     # the partner's own, or: {sha256: […]}

When to waive
    Never. If two partners buy certificates from one authority, name their fingerprints instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from forecourt.diagnostics import Severity, Span
from forecourt.estate.model import Estate
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each authority or fingerprint of a partner that somebody else has too."""
    proofs = tuple(_proofs(subject.estate))
    holders: dict[str, dict[str, None]] = defaultdict(dict)
    organization = subject.estate.organization
    if organization is not None and organization.internal.client_ca is not None:
        holders[organization.internal.client_ca]["the organisation's own services"] = None
    for proof, holder, _ in proofs:
        holders[proof][holder] = None
    for proof, holder, span in proofs:
        others = [other for other in holders[proof] if other != holder]
        if others:
            yield Finding(
                message=f"`{proof}` also identifies {' and '.join(others)}",
                span=span,
                help="name an authority of the partner's own, or the fingerprints of its "
                "certificates: `certificates: {sha256: […]}`",
            )


def _proofs(estate: Estate) -> Iterator[tuple[str, str, Span]]:
    """What identifies each partner, whom, and where that is written."""
    for partner in estate.partners.values():
        holder = f"partner `{partner.name}`"
        certificates = partner.certificates
        if certificates is None:
            continue
        if certificates.ca is not None:
            yield certificates.ca, holder, partner.places["certificates.ca"]
        for i, fingerprint in enumerate(certificates.sha256):
            yield fingerprint, holder, partner.places[f"certificates.sha256.{i}"]


RULE = Rule(
    code="FC207",
    name="shared-client-authority",
    summary="a certificate that identifies one caller would also identify another",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
