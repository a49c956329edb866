"""Put a new key in the place of one, and let the old one go on for a while."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from forecourt.actions.api_key import SHOWN, key_digest, new_key
from forecourt.actions.credential import Credential, HeldKey
from forecourt.actions.entropy import Entropy, new_id
from forecourt.actions.keys_called import HeldKeyLookup, keys_called
from forecourt.actions.record import Record

# Long enough for whoever deploys once a quarter; more would be two keys.
LONGEST_OVERLAP = timedelta(days=90)


class RotationRefusal(Enum):
    """Why a key was not rotated."""

    UNKNOWN = "unknown"
    SEVERAL = "several"
    REVOKED = "revoked"
    EXPIRED = "expired"
    ROTATED_ALREADY = "rotated already"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRotated:
    """The new key itself, which nobody can read again; and both as they are remembered now."""

    key: str
    new: HeldKey
    old: Credential


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRotated:
    """Nothing changed. `found` are the keys that are called so."""

    reason: RotationRefusal
    found: tuple[Credential, ...] = ()


class KeyRotation(HeldKeyLookup, Protocol):
    """What rotating needs of the store."""

    async def rotate(
        self, id: str, ends_at: datetime, new: HeldKey, sha256: str, record: Record
    ) -> HeldKey | None:
        """Remembers the new key, and lets the old one expire at that moment, with news of it in the
        same transaction. None: the old one did not stand, and nothing changed."""
        ...


async def rotate_key(
    reference: str, overlap: timedelta, *, store: KeyRotation, record: Record, entropy: Entropy
) -> KeyRotated | NotRotated:
    """Issue a key that is and may what the one that is called so is and may, on the record.

    The old one counts for `overlap` more, or until it would have ended. A key that was to live for
    a while gives the new one a life of the same length.
    """
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        return NotRotated(reason=RotationRefusal.OVERLAP)
    found = await keys_called(reference, store)
    standing = tuple(h for h in found if h.credential.revoked is None)
    if len(standing) > 1:
        return _not(RotationRefusal.SEVERAL, standing)
    if not found:
        return _not(RotationRefusal.UNKNOWN, found)
    if not standing:
        return _not(RotationRefusal.REVOKED, found)
    (held,), now = standing, record.at
    old = held.credential
    if old.replaced_by is not None:
        return _not(RotationRefusal.ROTATED_ALREADY, standing)
    if old.expires_at is not None and old.expires_at <= now:
        return _not(RotationRefusal.EXPIRED, standing)
    ends_at = now + overlap if old.expires_at is None else min(now + overlap, old.expires_at)
    key = new_key(entropy, is_test=old.is_test)
    new = replace(held, credential=_like(old, key, new_id("key", entropy), now))
    added = await store.rotate(old.id, ends_at, new, key_digest(key), record)
    if added is None:  # somebody was faster
        return _not(RotationRefusal.ROTATED_ALREADY, standing)
    ended = replace(old, expires_at=ends_at, replaced_by=added.credential.id)
    return KeyRotated(key=key, new=added, old=ended)


def _like(old: Credential, key: str, id: str, now: datetime) -> Credential:
    life = None if old.expires_at is None else old.expires_at - old.created_at
    return replace(
        old,
        id=id,
        prefix=key[:SHOWN],
        last_four=key[-4:],
        created_at=now,
        expires_at=None if life is None else now + life,
        last_used_at=None,
    )


def _not(reason: RotationRefusal, found: tuple[HeldKey, ...]) -> NotRotated:
    return NotRotated(reason=reason, found=tuple(h.credential for h in found))
