"""Callers for trying an estate on one's own machine: one key or certificate a kind of caller."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

from forecourt.actions.api_key import key_digest
from forecourt.actions.credential import HeldKey, Owner, OwnerKind
from forecourt.actions.entropy import Entropy
from forecourt.actions.issue_key import KeyIssuance, KeyIssued, KeyRequest, issue_key
from forecourt.actions.record import Record
from forecourt.compiler.ir.callers import Callers
from forecourt.edge.replacing import replace_file

_FILE = "callers.json"
_APPLICATION = "try-it"
_DEVELOPER = "newcomer"


class LocalKeys(KeyIssuance, Protocol):
    """What is needed of the store."""

    async def held_key(self, sha256: str) -> HeldKey | None:
        """The key with that SHA-256 (hex), and the application that holds it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalCallers:
    """API keys in clear: a developer's, and one of each partner by its name."""

    developer: str
    partners: dict[str, str]


async def local_callers(
    state: Path, *, callers: Callers, store: LocalKeys, record: Record, entropy: Entropy
) -> LocalCallers:
    """The keys of this state folder, the same at every start; made anew where they no longer count.

    They are kept in clear under `local/`, which only `up --local` makes.
    """
    path = state / "local" / _FILE
    kept = _kept(path)
    developer = Owner(kind=OwnerKind.DEVELOPER, name=_DEVELOPER)
    plans = {plan.name for plan in callers.plans}
    plan = "standard" if "standard" in plans else None
    owners = {p.name: Owner(kind=OwnerKind.PARTNER, name=p.id) for p in callers.partners}

    async def key(known: str | None, owner: Owner, plan: str | None) -> str:
        held = await store.held_key(key_digest(known)) if known else None
        if known and held is not None and _counts(held, owner):
            return known
        if await store.application(owner, _APPLICATION) is not None:
            plan = None  # it keeps the one it has
        request = KeyRequest(owner=owner, application=_APPLICATION, plan=plan)
        issued = await issue_key(
            request, callers=callers, store=store, record=record, entropy=entropy
        )
        assert isinstance(issued, KeyIssued), issued
        return issued.key

    found = LocalCallers(
        developer=await key(kept.developer if kept else None, developer, plan),
        partners={
            name: await key(kept.partners.get(name) if kept else None, owner, None)
            for name, owner in owners.items()
        },
    )
    if found != kept:
        _keep(path, found)
    return found


def _counts(held: HeldKey, owner: Owner) -> bool:
    """It was made without an end: one that ends was rotated by somebody."""
    key = held.credential
    return key.revoked is None and key.expires_at is None and held.application.owner == owner


def _kept(path: Path) -> LocalCallers | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=LocalCallers)
    except (OSError, msgspec.DecodeError):
        return None


def _keep(path: Path, callers: LocalCallers) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_file(path, msgspec.json.encode(callers))
