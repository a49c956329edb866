"""Find out which credential is meant that is no key: a client, a token, a certificate."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, unquote

from forecourt.actions.oauth.client import HeldClient
from forecourt.compiler.ir.callers import Callers
from forecourt.estate.posture import POSTURES

# As `resolve_credential` names them, and clients of ours.
_CLIENT = "client_"
_TOKEN, _CERTIFICATE = "token:", "certificate:"
_OF_SERVICES = ("spiffe:", "internal_token:")
# How much of a certificate's fingerprint names it.
_FINGERPRINT = re.compile("[0-9a-f]{16}")


class ClientLookup(Protocol):
    """Where clients are looked up."""

    async def client(self, id: str) -> HeldClient | None:
        """The client with that id, and the application that holds it."""
        ...


@dataclass(frozen=True, slots=True)
class NoCredential:
    """There cannot be one of that name; why, and what to write."""

    because: str


def is_credential(text: str) -> bool:
    """Whether it is written as such a credential is."""
    return text.startswith((_CLIENT, _TOKEN, _CERTIFICATE, *_OF_SERVICES))


async def credential_called(
    text: str, *, callers: Callers, clients: ClientLookup
) -> str | NoCredential:
    """The credential as the access log names it. Raises `StoreUnavailable`.

    Who holds a token of somebody else's issuer only that issuer knows: it must be declared, and a
    client of it that is a partner must be one.
    """
    word = text.partition(":")[0]
    if text.startswith(_CLIENT):
        if await clients.client(text) is not None:
            return text
        return NoCredential(f"no client has the id `{text}`; see `forecourt client list`")
    if word == "token":
        return _token(text, callers)
    if word == "certificate":
        return _certificate(text, callers)
    names = [service.name for service in callers.services]
    if text.partition(":")[2] in names:
        return text
    return NoCredential(f"`{text}` names no service; {_known(names, 'service', 'services.yaml')}")


def _token(text: str, callers: Callers) -> str | NoCredential:
    written = text.removeprefix(_TOKEN).split("/")
    if len(written) != 3:
        return NoCredential(
            f"`{text}` is no token; write `token:ISSUER/CLIENT/SUBJECT` as the access log has it,"
            " or `ISSUER/CLIENT` for all of a client's"
        )
    issuer, client, _ = parts = [unquote(each) for each in written]
    known = next((i for i in callers.issuers if i.name == issuer), None)
    if known is None:
        names = [i.name for i in callers.issuers]
        return NoCredential(
            f"`{text}` is of no issuer; {_known(names, 'issuer', 'forecourt.yaml')}"
        )
    ids = [partner.id for partner in callers.partners]
    is_partners = POSTURES[known.callers].authorization == "contract"
    if not client or (is_partners and client not in ids):
        hint = _known(ids, "partner", "partners/") if is_partners else "name the client"
        return NoCredential(f"`{text}` is of no client of `{issuer}`; {hint}")
    return _TOKEN + "/".join(quote(each, safe="") for each in parts)


def _certificate(text: str, callers: Callers) -> str | NoCredential:
    digits = text.removeprefix(_CERTIFICATE)
    fingerprints = [
        print_.replace(":", "").lower()[:16] for p in callers.partners for print_ in p.sha256
    ]
    is_signed = any(p.ca is not None for p in callers.partners)  # anything that it signs
    if digits in fingerprints or (is_signed and _FINGERPRINT.fullmatch(digits)):
        return text
    return NoCredential(
        f"no partner has the certificate `{text}`; write `certificate:` and the first 16 digits of"
        " its SHA-256, as the access log has them"
    )


def _known(names: Iterable[str], what: str, where: str) -> str:
    known = ", ".join(names)
    return f"declared are {known}" if known else f"no {what} is declared in {where}"
