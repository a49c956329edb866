"""Whom a client of the authorization server stands for, by the most that a token of it can hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from forecourt.actions.entitlement import Entitlement, Unknown
from forecourt.actions.oauth.access import entitlement_of_access_token
from forecourt.actions.oauth.client import HeldClient
from forecourt.actions.oauth.resources import Resources
from forecourt.actions.presented import PresentedAccessToken
from forecourt.compiler.ir.callers import Callers

# A token that is for the whole gateway: what its client may, it may.
_GATEWAY = "gateway"


class ClientLookup(Protocol):
    """What is needed of the store."""

    async def client(self, id: str) -> HeldClient | None:
        """The client with that id, and the application that holds it."""
        ...

    async def clients(self) -> tuple[HeldClient, ...]:
        """Every client, oldest first."""
        ...


def client_as_it_stood(held: HeldClient, callers: Callers, now: datetime) -> Entitlement | Unknown:
    """What a token of it stands for at a moment: what was revoked later, or is added later, is
    another matter. A token may be for less."""
    client = held.client
    if client.created_at > now:
        return Unknown("unknown")
    if client.revoked is not None and client.revoked.at > now:
        held = replace(held, client=replace(client, revoked=None))
    token = PresentedAccessToken(
        id="", client=client.id, audience=(_GATEWAY,), scopes=client.scopes
    )
    return entitlement_of_access_token(
        token,
        held,
        is_revoked=False,
        callers=callers,
        resources=Resources(url=_GATEWAY),
        now=now,
    )
