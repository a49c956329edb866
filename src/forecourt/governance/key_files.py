"""Which certificates, keys and key sets an estate names, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from forecourt.diagnostics import Span
from forecourt.estate.model import Estate
from forecourt.estate.organization import CertificateFiles, Organization


class Holds(Enum):
    """What a file is named for."""

    CERTIFICATE = auto()
    KEY = auto()
    AUTHORITIES = auto()
    KEY_SET = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFile:
    """A file that is named, by its path from the estate's root.

    `certificate` is the path of the certificate that a key is for. `is_replaced` says that under
    `--local` an authority of this machine makes another in its place.
    """

    path: str
    holds: Holds
    span: Span
    certificate: str | None = None
    is_replaced: bool = False


def key_files(estate: Estate) -> Iterator[KeyFile]:
    """Each of them, in the order of the estate's files."""
    if estate.organization is not None:
        yield from _of_organization(estate.organization)
    for partner in estate.partners.values():
        if partner.certificates is not None and partner.certificates.ca is not None:
            place = partner.places["certificates.ca"]
            yield KeyFile(path=partner.certificates.ca, holds=Holds.AUTHORITIES, span=place)


def _of_organization(organization: Organization) -> Iterator[KeyFile]:
    external, internal, places = organization.external, organization.internal, organization.places
    for name, files in (("external", external.tls), ("internal", internal.tls)):
        at = f"listeners.{name}.tls"
        yield from _pair(files, places[f"{at}.certificate"], places[f"{at}.key"])
    if internal.client_ca is not None:
        yield KeyFile(
            path=internal.client_ca,
            holds=Holds.AUTHORITIES,
            span=places["listeners.internal.client_ca"],
            is_replaced=True,
        )
    for i, issuer in enumerate(organization.issuers):
        if "://" not in issuer.jwks:
            place = places[f"identity.issuers.{i}.jwks"]
            yield KeyFile(path=issuer.jwks, holds=Holds.KEY_SET, span=place)


def _pair(files: CertificateFiles | None, certificate: Span, key: Span) -> Iterator[KeyFile]:
    if files is None:
        return
    yield KeyFile(
        path=files.certificate, holds=Holds.CERTIFICATE, span=certificate, is_replaced=True
    )
    yield KeyFile(
        path=files.key,
        holds=Holds.KEY,
        span=key,
        certificate=files.certificate,
        is_replaced=True,
    )
