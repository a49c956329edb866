"""Withdraw a key: the edge refuses it within a second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from forecourt.actions.api_key import SHOWN, is_well_formed, key_digest
from forecourt.actions.credential import Credential, Revocation


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRevoked:
    """It counts no more, and the edge hears of it."""

    credential: Credential


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyRevoked:
    """It had been withdrawn before; nothing changed."""

    credential: Credential


@dataclass(frozen=True, slots=True)
class NoSuchKey:
    """No key has that id or prefix, or it is not one of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmbiguousKey:
    """Several keys begin so; none was withdrawn."""

    candidates: tuple[Credential, ...]


RevokeOutcome = KeyRevoked | AlreadyRevoked | NoSuchKey | AmbiguousKey


class KeyRevocation(Protocol):
    """What revoking needs of the store."""

    async def key_by_id(self, id: str) -> Credential | None:
        """The key with that id."""
        ...

    async def key_by_digest(self, sha256: str) -> Credential | None:
        """The key with that SHA-256 (hex)."""
        ...

    async def keys_by_prefix(self, prefix: str) -> tuple[Credential, ...]:
        """Every key whose shown part is `prefix`, oldest first."""
        ...

    async def revoke(self, id: str, revocation: Revocation) -> Credential | None:
        """Withdraw a key that stands, with news of it in the same transaction. None: it did not
        stand, and nothing changed."""
        ...


async def revoke_key(
    reference: str, *, store: KeyRevocation, revocation: Revocation
) -> RevokeOutcome:
    """Withdraw the key with this id, with this shown prefix, or the key itself, on the record."""
    found = await _find(reference, store)
    if not found:
        return NoSuchKey()
    standing = tuple(c for c in found if c.revoked is None)
    if len(standing) > 1:
        return AmbiguousKey(candidates=standing)
    if standing and (revoked := await store.revoke(standing[0].id, revocation)):
        return KeyRevoked(credential=revoked)
    return AlreadyRevoked(credential=(standing or found)[0])


async def _find(reference: str, store: KeyRevocation) -> tuple[Credential, ...]:
    if not (reference.isascii() and reference.isprintable()):
        return ()
    if is_well_formed(reference):
        found = await store.key_by_digest(key_digest(reference))
    elif len(reference) == SHOWN:
        return await store.keys_by_prefix(reference)
    else:
        found = await store.key_by_id(reference)
    return () if found is None else (found,)
