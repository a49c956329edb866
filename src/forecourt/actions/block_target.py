"""Whom somebody means by what they typed: an address, a credential, an application or an owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from forecourt.actions.api_key import is_well_formed, key_digest
from forecourt.actions.block import Target, TargetKind
from forecourt.actions.caller_called import ApplicationLookup, caller_called
from forecourt.actions.credential import Credential
from forecourt.actions.credential_called import (
    ClientLookup,
    NoCredential,
    credential_called,
    is_credential,
)
from forecourt.actions.networks import network
from forecourt.compiler.ir.callers import Callers

_SECRET, _KEY = "fc_", "key_"


class KnownCredentials(Protocol):
    """Where a key is looked up by its id."""

    async def key_by_id(self, id: str) -> Credential | None:
        """The key of that id."""
        ...

    async def key_by_digest(self, sha256: str) -> Credential | None:
        """The key with that SHA-256 (hex)."""
        ...


class KnownTargets(KnownCredentials, ApplicationLookup, Protocol):
    """Where keys and applications are looked up."""


@dataclass(frozen=True, slots=True)
class NoTarget:
    """Nobody can be meant; why, and what to write."""

    because: str


async def block_target(
    text: str, *, callers: Callers, store: KnownTargets, clients: ClientLookup
) -> Target | NoTarget:
    """Who is meant: `203.0.113.7`, `2001:db8::/48`, `key_…` or a key itself, `client_…`, or whoever
    is called so (`caller_called`): a block of nobody would look as if it held.

    Raises `StoreUnavailable`.
    """
    if text.startswith(_SECRET):
        return await _key(text, store)
    if (its := network(text)) is not None:
        return Target(kind=TargetKind.ADDRESS, id=its)
    if "/" in text and network(text.partition("/")[0]) is not None:
        return NoTarget(f"`{text}` is no network; its length leaves bits out that are set")
    if text.startswith(_KEY) or is_credential(text):
        return await _credential(text, callers, store, clients)
    called = await caller_called(text, callers=callers, store=store)
    if called is None:
        return NoTarget(
            f"nobody is called `{text}`; name an address, a key, `developer:ada/shop`,"
            " `partner:acme-corp`, `service:orders` or an id (`forecourt consumer list`)"
        )
    kind = TargetKind.OWNER if called.caller.is_owner else TargetKind.APPLICATION
    return Target(kind=kind, id=called.caller.id)


async def _credential(
    text: str, callers: Callers, keys: KnownCredentials, clients: ClientLookup
) -> Target | NoTarget:
    """One that is named by its id."""
    if not text.startswith(_KEY):
        found = await credential_called(text, callers=callers, clients=clients)
        if isinstance(found, NoCredential):
            return NoTarget(found.because)
        return Target(kind=TargetKind.CREDENTIAL, id=found)
    if await keys.key_by_id(text) is None:
        return NoTarget(f"no key has the id `{text}`; see `forecourt key list`")
    return Target(kind=TargetKind.CREDENTIAL, id=text)


async def _key(text: str, keys: KnownCredentials) -> Target | NoTarget:
    found = await credential_of(text, keys)
    if found is None:
        return NoTarget("nobody was given that key; see `forecourt key list`")
    return Target(kind=TargetKind.CREDENTIAL, id=found.id)


async def credential_of(key: str, keys: KnownCredentials) -> Credential | None:
    """What is remembered of a key; None: nobody was given it. Raises `StoreUnavailable`."""
    return await keys.key_by_digest(key_digest(key)) if is_well_formed(key) else None
