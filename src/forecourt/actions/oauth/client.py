"""Who gets access tokens: a client is a credential of an application, as a key is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from forecourt.actions.api_key import BODY_WIDTH, CHECKSUM_WIDTH, ENTROPY_BYTES, checksum
from forecourt.actions.base62 import base62
from forecourt.actions.credential import Application, Revocation
from forecourt.actions.entropy import Entropy

# Scanners for leaked secrets look for it, as for keys.
SECRET_PREFIX = "fc_secret_"
_SECRET = re.compile(rf"{SECRET_PREFIX}[0-9A-Za-z]{{{BODY_WIDTH + CHECKSUM_WIDTH}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerSecret:
    """The one before, that goes on until then: its SHA-256 (hex)."""

    sha256: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client as it is remembered: of its secret, if it has one, only the SHA-256 (hex).

    `former` is the secret that this one took the place of, for as long as both count. `keys` are
    its public keys instead (a JWKS, RFC 7523). `scopes` None: every scope that needs no user, none
    of which can be asked for by name. `is_test`: the mock answers, for good. Times have a zone.
    """

    id: str
    application: str
    secret_sha256: str | None = field(default=None, repr=False)
    former: FormerSecret | None = None
    keys: str | None = None
    scopes: tuple[str, ...] | None = None
    is_test: bool = False
    created_at: datetime
    expires_at: datetime | None = None
    revoked: Revocation | None = None

    def counts(self, now: datetime) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked is None and (self.expires_at is None or now < self.expires_at)

    def old_secret(self, now: datetime) -> FormerSecret | None:
        """The secret before this one, while it counts."""
        return self.former if self.former is not None and now < self.former.until else None

    def secret_digests(self, now: datetime) -> tuple[str | None, str | None]:
        """Those by which it proves itself at that moment, as SHA-256: the new, and the old."""
        old = self.old_secret(now)
        return self.secret_sha256, None if old is None else old.sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldClient:
    """A client and the application that holds it."""

    client: Client
    application: Application


def new_secret(entropy: Entropy) -> str:
    """A secret that nobody has seen: 160 random bits and a checksum, written as those of a key."""
    start = SECRET_PREFIX + base62(int.from_bytes(entropy(ENTROPY_BYTES)), BODY_WIDTH)
    return start + checksum(start)


def is_secret(text: str) -> bool:
    """Whether it has the form of one, checksum included."""
    if _SECRET.fullmatch(text) is None:
        return False
    return checksum(text[:-CHECKSUM_WIDTH]) == text[-CHECKSUM_WIDTH:]
