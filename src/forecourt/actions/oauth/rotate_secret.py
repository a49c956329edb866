"""Give a client another secret, and let the old one go on for a while."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from forecourt.actions.api_key import key_digest
from forecourt.actions.entropy import Entropy
from forecourt.actions.oauth.client import Client, FormerSecret, HeldClient, new_secret
from forecourt.actions.record import Record
from forecourt.actions.rotate_key import LONGEST_OVERLAP


class Which(Enum):
    """One of the two secrets that prove a client while it changes over."""

    OLD = "old"
    NEW = "new"


class NoNewSecret(Enum):
    """Why a client goes on with what it has."""

    UNKNOWN = "unknown"
    HAS_KEYS = "has keys"
    REVOKED = "revoked"
    EXPIRED = "expired"
    ROTATED_ALREADY = "rotated already"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRotated:
    """The new secret itself, which nobody can read again; and the client as it is now."""

    secret: str
    held: HeldClient


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRotated:
    """Nothing changed. `held` is the client, where there is one."""

    reason: NoNewSecret
    held: HeldClient | None = None


class SecretRotation(Protocol):
    """What is needed of the store."""

    async def client(self, id: str) -> HeldClient | None:
        """The client with that id."""
        ...

    async def rotate_secret(
        self, before: Client, secret_sha256: str, former: FormerSecret | None, record: Record
    ) -> HeldClient | None:
        """Remembers the new secret and the one before it. None: the client's secrets are not those
        of `before` any more, or it does not stand, and nothing changed."""
        ...


async def rotate_secret(
    id: str, overlap: timedelta, *, store: SecretRotation, record: Record, entropy: Entropy
) -> SecretRotated | NotRotated:
    """A secret in the place of the one that the client has, on the record.

    The old one proves it for `overlap` more. Two at a time: a third has to wait until the first has
    ended, or was withdrawn.
    """
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        return NotRotated(reason=NoNewSecret.OVERLAP)
    held = await store.client(id)
    if (why_not := _why_not(held, record.at)) is not None or held is None:
        return NotRotated(reason=why_not or NoNewSecret.UNKNOWN, held=held)
    secret = new_secret(entropy)
    former = _former(held.client, overlap, record.at)
    rotated = await store.rotate_secret(held.client, key_digest(secret), former, record)
    if rotated is None:  # somebody was faster
        return NotRotated(reason=NoNewSecret.ROTATED_ALREADY, held=held)
    return SecretRotated(secret=secret, held=rotated)


def _why_not(held: HeldClient | None, now: datetime) -> NoNewSecret | None:
    if held is None:
        return NoNewSecret.UNKNOWN
    client = held.client
    if client.keys is not None:
        return NoNewSecret.HAS_KEYS
    if client.revoked is not None:
        return NoNewSecret.REVOKED
    if not client.counts(now):
        return NoNewSecret.EXPIRED
    has_both = client.secret_sha256 is not None and client.old_secret(now) is not None
    return NoNewSecret.ROTATED_ALREADY if has_both else None


def _former(client: Client, overlap: timedelta, now: datetime) -> FormerSecret | None:
    """The secret that goes on, and until when. Where the last one was withdrawn, the one before it
    goes on as it did: nobody's overlap grows."""
    if client.secret_sha256 is None:
        return client.old_secret(now)
    if not overlap:
        return None
    return FormerSecret(sha256=client.secret_sha256, until=now + overlap)


def without_secret(client: Client, which: Which, now: datetime) -> Client | None:
    """The client when its `old` or `new` secret is withdrawn; None where it has none such."""
    if which is Which.OLD:
        return None if client.old_secret(now) is None else replace(client, former=None)
    return None if client.secret_sha256 is None else replace(client, secret_sha256=None)
