"""The external and the internal listener stand at the same address.

Why it matters
    Callers inside and outside are told apart by the listener they reach, before anything they
    send is looked at. At one address only one listener can stand, and it would be the wrong one for
    half of the callers.

Bad
    # forecourt.yaml
    listeners:
      external: {address: 0.0.0.0:8443}
      internal: {address: 127.0.0.1:8443}     # 0.0.0.0 is every address, this one too

Good
    # forecourt.yaml
    listeners:
      external: {address: 0.0.0.0:8443}
      internal: {address: 127.0.0.1:9443}

When to waive
    Never: the second of them could not start.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity, Span
from forecourt.estate.organization import Address, Organization
from forecourt.governance.rule import Finding, Rule, Subject

_EVERYWHERE = ("0.0.0.0", "::")


def check(subject: Subject) -> Iterator[Finding]:
    """One finding, where the internal listener's address is the external one's."""
    organization = subject.estate.organization
    if organization is None:
        return
    external, internal = organization.external.address, organization.internal.address
    if _clash(external, internal):
        yield Finding(
            message=f"the internal listener stands at `{internal}`, where the external one "
            f"(`{external}`) stands already",
            span=_cause(organization),
            help="give it another port",
        )


def _cause(organization: Organization) -> Span:
    """The internal address; the external one, where only that is an environment's."""
    external = organization.places["listeners.external.address"]
    internal = organization.places["listeners.internal.address"]
    own = organization.places.origin.path
    return external if internal.path == own != external.path else internal


def _clash(a: Address, b: Address) -> bool:
    # Port 0 asks for any free port, which never clashes.
    if a.port != b.port or a.port == 0:
        return False
    return a.host == b.host or a.host in _EVERYWHERE or b.host in _EVERYWHERE


RULE = Rule(
    code="FC209",
    name="shared-listener-address",
    summary="the external and the internal listener stand at the same address",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
