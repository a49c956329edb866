"""See which keys there are, without seeing any of them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from forecourt.actions.credential import Credential, HeldKey, Owner


class KeyList(Protocol):
    """What listing needs of the store."""

    async def keys(self, owner: Owner | None) -> tuple[HeldKey, ...]:
        """Every key, or those of one owner; oldest first."""
        ...


async def list_keys(store: KeyList, *, owner: Owner | None = None) -> tuple[HeldKey, ...]:
    """Every key, revoked and expired ones included, oldest first; only one owner's if named."""
    if owner is not None and not owner.name.isprintable():
        return ()
    return await store.keys(owner)


def dormant(keys: tuple[HeldKey, ...], *, since: datetime, now: datetime) -> tuple[HeldKey, ...]:
    """Those of these that count, and that nobody used after `since`, nor issued: what could be
    withdrawn, and nobody would notice but who found one."""
    return tuple(h for h in keys if _is_dormant(h.credential, since, now))


def _is_dormant(key: Credential, since: datetime, now: datetime) -> bool:
    is_over = key.revoked is not None or (key.expires_at is not None and key.expires_at <= now)
    return not is_over and (key.last_used_at or key.created_at) <= since
