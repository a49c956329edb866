"""Which parts serve which."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from forecourt.actions.entropy import Entropy
from forecourt.actions.oauth.token_keys import key_set_of
from forecourt.actions.parts import gateway_of
from forecourt.actions.progress import Progress, Unheard
from forecourt.compiler.envoy import files
from forecourt.compiler.ir.callers import Issuer
from forecourt.compiler.ir.edge import Edge, PublicKeys
from forecourt.edge.code import lua_digest
from forecourt.edge.material import MaterialFolder
from forecourt.edge.supervisor import PID_FILE
from forecourt.server.materials import material_of
from forecourt.settings import Settings
from forecourt.state_folder import make_state_folder
from forecourt.store.audit_anchor import AuditAnchor
from forecourt.store.opening import Store, opened_store
from forecourt.store.signing_keys import SigningKeyFiles

if TYPE_CHECKING:  # what makes them loads them, so that a verb starts without what others need
    from forecourt.actions.explain_request import Explaining
    from forecourt.actions.publish import Providing, Publishing
    from forecourt.server.companion import Companion
    from forecourt.server.exposure import Looking
    from forecourt.server.foreign_keys import ForeignKeys
    from forecourt.server.key_wishes import KeyWishes
    from forecourt.server.publisher import Publisher, Sources

# In the state folder: where the audit log ended.
_AUDIT_ANCHOR = "audit-anchor.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What actions are given of the world."""

    settings: Settings
    store: Store
    signing_keys: SigningKeyFiles
    clock: Callable[[], datetime]
    entropy: Entropy


def foreign_keys(world: World) -> ForeignKeys:
    """The keys of declared issuers, as far as they are known."""
    from forecourt.server.foreign_keys import ForeignKeys

    return ForeignKeys(world.settings.estate, world.settings.state)


def publishing(world: World) -> Publishing:
    """What publishing needs, served by what is open."""
    from forecourt.actions.publish import Publishing
    from forecourt.edge.serving import EdgeOnDisk

    keys = world.signing_keys
    foreign = foreign_keys(world)
    local = world.settings.local

    def public_keys(issuers: Iterable[Issuer]) -> PublicKeys:
        found = (
            {issuer.name: keys.local_issuer(issuer.name).jwks() for issuer in issuers}
            if local
            else foreign.known(issuers)
        )
        own = key_set_of(keys.access_tokens())
        return PublicKeys(internal=keys.internal().jwks(), issuers=found, own=own)

    return Publishing(
        revisions=world.store.revisions,
        narrowings=world.store.narrowings,
        rejected=world.store.rejected_parts,
        contracts=world.store.compiled_contracts,
        leaks=world.store.leaks,
        edge=EdgeOnDisk(world.settings.state),
        provide=providing(world, world.settings.state),
        keys=public_keys,
        lua_digest=lua_digest(),
        local=local,
    )


def providing(world: World, state: Path) -> Providing:
    """Puts certificates into a state folder."""
    material = MaterialFolder(state)

    async def provide(edge: Edge) -> None:
        wanted = material_of(edge, world.settings.estate)
        await asyncio.to_thread(material.provide, wanted, world.clock())

    return provide


def publisher(world: World, progress: Progress | None = None) -> Publisher:
    """Publishes the estate of the settings to the edge in its state folder."""
    from forecourt.server.publisher import Publisher

    settings = world.settings
    MaterialFolder(settings.state).make_folders()
    return Publisher(
        sources_of(settings),
        publishing(world),
        lock=settings.state / "run" / "publish.lock",
        clock=world.clock,
        progress=progress,
    )


def sources_of(settings: Settings) -> Sources:
    """Where the estate of the settings is read from."""
    from forecourt.server.publisher import Sources

    return Sources(
        estate=settings.estate,
        environment=settings.environment,
        variables=None if settings.local else frozenset(os.environ),
    )


async def explaining(world: World, progress: Progress | None = None) -> Explaining:
    """What explaining a request needs: what is served, and the folder as it is now."""
    from forecourt.actions.explain_request import Explaining
    from forecourt.server.folder_now import FolderNow
    from forecourt.server.trials import EnvoyTrials
    from forecourt.store.contract_cache import ContractCache, code_digest

    settings = world.settings
    folder = FolderNow(
        sources_of(settings),
        today=world.clock().date(),
        memory=ContractCache(settings.state / "explained", code=code_digest()),
        kept=world.store.compiled_contracts,
        progress=progress or Unheard(),
    )
    return Explaining(
        revisions=world.store.revisions,
        narrowings=world.store.narrowings,
        keys=world.store.credentials,
        clients=world.store.clients,
        spending=world.store.spending,
        pins=world.store.pins,
        suspensions=world.store.suspensions,
        blocks=world.store.blocks,
        contracts=world.store.compiled_contracts,
        folder=folder,
        trials=EnvoyTrials(),
        local=world.settings.local,
    )


def audit_anchor(settings: Settings) -> AuditAnchor:
    """Where this machine remembers the end of the audit log."""
    return AuditAnchor(settings.state / _AUDIT_ANCHOR)


def looking(world: World) -> Looking:
    """What looking for openings needs."""
    from forecourt.edge.exposure.knocking import addresses_of, knock
    from forecourt.edge.own_addresses import own_addresses
    from forecourt.server.exposure import Looking
    from forecourt.server.exposure_upstreams import Network

    return Looking(
        state=world.settings.state,
        revisions=world.store.revisions,
        narrowings=world.store.narrowings,
        key=world.signing_keys.exposure_reports,
        clock=world.clock,
        entropy=world.entropy,
        network=Network(resolve=addresses_of, knock=knock, own=own_addresses),
    )


def access_log_of(settings: Settings) -> Path:
    """Where Envoy writes a line for each request."""
    return settings.state / files.ACCESS_LOG


def is_edge_supervised(settings: Settings) -> bool:
    """Whether an Envoy serves from the state folder, as far as can be told."""
    return (settings.state / PID_FILE).exists()


async def companion(world: World, published: Publisher, wishes: KeyWishes) -> Companion:
    """What runs beside the edge in the state folder, once something is published. `wishes` hears of
    keys that tokens name and nobody knows."""
    from forecourt.server.companion import Companion
    from forecourt.server.header_versions import HeaderVersions

    settings, store = world.settings, world.store
    newest = await store.revisions.newest()
    gateway = gateway_of({} if newest is None else await store.revisions.parts(newest.number))
    return Companion(
        state=settings.state,
        operations=settings.operations,
        concurrency=settings.concurrency,
        memory=settings.memory,
        sheds=settings.sheds,
        publisher=published,
        keys=store.credentials,
        news=store.news,
        revisions=store.revisions,
        leaks=store.leaks,
        pins=store.pins,
        suspensions=store.suspensions,
        blocks=store.blocks,
        entropy=world.entropy,
        usage=store.usage,
        spending=store.spending,
        applications=store.credentials,
        header_versions=HeaderVersions(store.revisions),
        key_wishes=wishes,
        internal_key=world.signing_keys.internal,
        clients=store.clients,
        token_keys=world.signing_keys.access_tokens,
        clock=world.clock,
        addresses=tuple((at.host, at.port) for at in (gateway.external, gateway.internal)),
    )


def _now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def opened_world(
    settings: Settings, *, clock: Callable[[], datetime] = _now
) -> AsyncIterator[World]:
    """Everything open, for as long as the block runs. `clock` is this machine's.

    Raises `StoreUnavailable`, and `OSError` where the state folder cannot be made.
    """
    make_state_folder(settings.state)
    anchor = settings.state / _AUDIT_ANCHOR
    async with opened_store(settings.database, origin=settings.origin, anchor=anchor) as store:
        yield World(
            settings=settings,
            store=store,
            signing_keys=SigningKeyFiles(settings.state),
            clock=clock,
            entropy=secrets.token_bytes,
        )
