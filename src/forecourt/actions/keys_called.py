"""Find keys by what people call them."""

from __future__ import annotations

from typing import Protocol

from forecourt.actions.api_key import SHOWN, is_well_formed, key_digest
from forecourt.actions.credential import HeldKey


class HeldKeyLookup(Protocol):
    """What finding needs of the store."""

    async def held_key(self, sha256: str) -> HeldKey | None:
        """The key with that SHA-256 (hex), and the application that holds it."""
        ...

    async def held_key_by_id(self, id: str) -> HeldKey | None:
        """The key with that id, and the application that holds it."""
        ...

    async def held_keys_by_prefix(self, prefix: str) -> tuple[HeldKey, ...]:
        """Every key whose shown part is `prefix`, oldest first."""
        ...


async def keys_called(reference: str, store: HeldKeyLookup) -> tuple[HeldKey, ...]:
    """The keys with this id, with this shown prefix (`fc_live_4Tgk`, or `fc_live_4Tgk…3xQz` as
    they are shown), or the key itself."""
    reference = reference.partition("…")[0]
    if not (reference.isascii() and reference.isprintable()):
        return ()
    if is_well_formed(reference):
        found = await store.held_key(key_digest(reference))
    elif len(reference) == SHOWN and reference.startswith("fc_"):
        return await store.held_keys_by_prefix(reference)
    else:
        found = await store.held_key_by_id(reference)
    return () if found is None else (found,)
