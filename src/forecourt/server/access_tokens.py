"""What access tokens of ours can be for, as it is published; and what one of them stands for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from forecourt.actions.entitlement import Entitlement, Unknown
from forecourt.actions.oauth.access import entitlement_of_access_token
from forecourt.actions.oauth.resources import Resources, resources_of
from forecourt.actions.oauth.store import KnownClients
from forecourt.actions.parts import edge_of
from forecourt.actions.presented import PresentedAccessToken
from forecourt.compiler.ir.callers import Callers
from forecourt.server.header_versions import ReadableRevisions

ResolveToken = Callable[[PresentedAccessToken], Awaitable[Entitlement | Unknown]]


async def nobodys(token: PresentedAccessToken) -> Entitlement | Unknown:
    """Where no tokens are given."""
    return Unknown("unknown")


class PublishedResources:
    """What tokens can be for by the newest revision that this process knows of."""

    def __init__(self, revisions: ReadableRevisions) -> None:
        self._revisions = revisions
        self._number: int | None = None
        self._resources = Resources()

    def __call__(self) -> Resources:
        """Those that are published."""
        return self._resources

    async def refresh(self) -> None:
        """Reads them again, if something was published. Raises `StoreUnavailable`."""
        newest = await self._revisions.newest()
        if newest is None or newest.number == self._number:
            return
        parts = await self._revisions.parts(newest.number)
        # What somebody narrowed by hand is for nobody outside, whatever a token is for.
        edge = await asyncio.to_thread(edge_of, parts, {})
        self._resources, self._number = resources_of(edge.gateway, edge.apis), newest.number


def resolving_tokens(
    *,
    clients: KnownClients,
    callers: Callable[[], Callers],
    resources: Callable[[], Resources],
    clock: Callable[[], datetime],
) -> ResolveToken:
    """What the resolver asks about them. It raises `StoreUnavailable`."""

    async def resolve(token: PresentedAccessToken) -> Entitlement | Unknown:
        held = await clients.client(token.client)
        return entitlement_of_access_token(
            token,
            held,
            is_revoked=await clients.is_token_revoked(token.id),
            callers=callers(),
            resources=resources(),
            now=clock(),
        )

    return resolve
