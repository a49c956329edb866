"""What a file of authorities holds: one certificate or several, each of which lets clients in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

_BEGIN = b"-----BEGIN"
_CERTIFICATE = re.compile(
    rb"-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityFile:
    """SHA-256, in hex: of the content, and of each of its certificates as a file of its own."""

    sha256: str
    holds: tuple[str, ...]


def authority_file(content: bytes) -> AuthorityFile:
    """The digests of a file. Where something else stands in it that Envoy may heed, such as a list
    of what is revoked, it is one: what a part of it lets in cannot be said."""
    whole = sha256(content).hexdigest()
    certificates = _CERTIFICATE.findall(content)
    if not certificates or content.count(_BEGIN) != len(certificates):
        return AuthorityFile(sha256=whole, holds=(whole,))
    return AuthorityFile(sha256=whole, holds=tuple(sorted({_digest(c) for c in certificates})))


def _digest(certificate: bytes) -> str:
    """As of a file with nothing else: what is taken out of a bundle stays what it was."""
    return sha256(certificate.replace(b"\r\n", b"\n") + b"\n").hexdigest()
