"""Whom somebody means by what they typed: an address, a credential, an application or an owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from forecourt.actions.api_key import is_well_formed, key_digest
from forecourt.actions.block import Target, TargetKind
from forecourt.actions.credential import Credential
from forecourt.actions.networks import network

_OWNERS = ("developer:", "partner:", "service:")
# As credentials are named that no key is (`resolve_credential`).
_CREDENTIALS = ("client_", "token:", "certificate:", "spiffe:", "internal_token:")
_SECRET = "fc_"


class KnownCredentials(Protocol):
    """Where a key is looked up by its id."""

    async def key_by_id(self, id: str) -> Credential | None:
        """The key of that id."""
        ...

    async def key_by_digest(self, sha256: str) -> Credential | None:
        """The key with that SHA-256 (hex)."""
        ...


@dataclass(frozen=True, slots=True)
class NoTarget:
    """Nobody can be meant; why, and what to write."""

    because: str


async def block_target(text: str, keys: KnownCredentials) -> Target | NoTarget:
    """Who is meant: `203.0.113.7`, `2001:db8::/48`, `key_…` or a key itself, `developer:ada`, or an
    application as the access log names it. Raises `StoreUnavailable`."""
    if text.startswith(_SECRET):
        return await _key(text, keys)
    if (its := network(text)) is not None:
        return Target(kind=TargetKind.ADDRESS, id=its)
    if "/" in text and network(text.partition("/")[0]) is not None:
        return NoTarget(f"`{text}` is no network; its length leaves bits out that are set")
    if text.startswith(_OWNERS):
        return Target(kind=TargetKind.OWNER, id=text)
    if text.startswith("key_") and await keys.key_by_id(text) is None:
        return NoTarget(f"no key has the id `{text}`; see `forecourt key list`")
    if text.startswith(("key_", *_CREDENTIALS)):
        return Target(kind=TargetKind.CREDENTIAL, id=text)
    if not text or any(c.isspace() or not c.isprintable() for c in text):
        return NoTarget("an application is named without spaces, as the access log has it")
    return Target(kind=TargetKind.APPLICATION, id=text)


async def _key(text: str, keys: KnownCredentials) -> Target | NoTarget:
    found = await keys.key_by_digest(key_digest(text)) if is_well_formed(text) else None
    if found is None:
        return NoTarget("nobody was given that key; see `forecourt key list`")
    return Target(kind=TargetKind.CREDENTIAL, id=found.id)
