"""See which keys there are, without seeing any of them."""

from __future__ import annotations

from typing import Protocol

from forecourt.actions.credential import HeldKey, Owner


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
