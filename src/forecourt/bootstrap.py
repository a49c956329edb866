"""Which parts serve which; settings are read here and only here."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL

from forecourt.actions.entropy import Entropy
from forecourt.actions.no_estate import is_estate, no_estate
from forecourt.actions.parts import gateway_of
from forecourt.actions.progress import Progress, Unheard
from forecourt.compiler.envoy import files
from forecourt.compiler.ir.callers import Issuer
from forecourt.compiler.ir.edge import Edge, PublicKeys
from forecourt.edge.code import lua_digest
from forecourt.edge.material import MaterialFolder
from forecourt.edge.memory import memory_of_machine
from forecourt.edge.overload import LEAST_HEAP
from forecourt.edge.replacing import replace_file
from forecourt.edge.supervisor import PID_FILE
from forecourt.estate.organization import Address
from forecourt.server.materials import material_of
from forecourt.state_folder import make_state_folder, state_folder
from forecourt.store.audit_anchor import AuditAnchor
from forecourt.store.opening import Store, opened_store
from forecourt.store.signing_keys import SigningKeyFiles
from forecourt.store.url import UnusableDatabaseUrl, database_url

if TYPE_CHECKING:  # what makes them loads them, so that a verb starts without what others need
    from forecourt.actions.explain_request import Explaining
    from forecourt.actions.publish import Providing, Publishing
    from forecourt.server.companion import Companion
    from forecourt.server.exposure import Looking
    from forecourt.server.foreign_keys import ForeignKeys
    from forecourt.server.key_wishes import KeyWishes
    from forecourt.server.publisher import Publisher, Sources

_DEFAULT_OPERATIONS = "127.0.0.1:9464"  # the port that Prometheus exporters of this kind use

# In the state folder: the name of the environment that `up` serves, and where the audit log ended.
_ENVIRONMENT = "environment"
_AUDIT_ANCHOR = "audit-anchor.json"

_SIZES = {"MB": 1 << 20, "GB": 1 << 30}
_SIZE = re.compile(r"([0-9]{1,9}) ?(MB|GB)")


class UnusableSetting(ValueError):
    """A setting, or the folder that was named, cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where things are. `operations` is where metrics and health are served.

    `local`: mocks, a local authority and local issuers stand in for the real ones. `environment`
    names the file that is laid over the estate. `concurrency` is Envoy's number of workers,
    `memory` are the bytes that its heap may take. `origin` is where acts come from, for the audit
    log. `asks_edge`: `up` asks the running edge for what must not be open. `sheds`: a full
    machine turns callers away.
    """

    estate: Path
    state: Path
    database: URL
    operations: Address
    local: bool
    environment: str | None
    concurrency: int
    memory: int
    origin: str
    asks_edge: bool
    sheds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What actions are given of the world."""

    settings: Settings
    store: Store
    signing_keys: SigningKeyFiles
    clock: Callable[[], datetime]
    entropy: Entropy


def read_settings(
    estate: Path,
    *,
    local: bool | None = None,
    environment: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """The settings of an estate: its folder, and what the environment says.

    `local` None: as the state folder was made.

    - `FORECOURT_STATE`: the folder for what must outlive a restart; default `ESTATE/.forecourt`.
    - `FORECOURT_DATABASE_URL`: default SQLite in that folder.
    - `FORECOURT_OPERATIONS`: `HOST:PORT` for metrics and health; default 127.0.0.1:9464.
    - `FORECOURT_CONCURRENCY`: Envoy's workers; default one a processor.
    - `FORECOURT_MEMORY`: what Envoy may hold at once, `512 MB` or so; default half of the memory of
      the machine, or of the control group.
    - `FORECOURT_EXPOSURE`: `probe` or `snapshot`, how `up` looks for openings; default `probe`.
    - `FORECOURT_SHEDDING`: `on` or `off`, whether a full machine sheds; default `on`.

    Raises `UnusableSetting`.
    """
    if not is_estate(estate):
        raise UnusableSetting(no_estate(estate))
    estate = estate.resolve()
    state = state_folder(estate, environ)
    made_local = SigningKeyFiles(state).stands_in_for_issuers
    if local is not None and local is not made_local and (state / "current").is_symlink():
        made, asked = ("`up --local`", "`up`") if made_local else ("`up`", "`up --local`")
        raise UnusableSetting(
            f"`{state}` was made by {made}; give {asked} a folder of its own with FORECOURT_STATE"
        )
    return Settings(
        estate=estate,
        state=state,
        database=_database(environ.get("FORECOURT_DATABASE_URL"), state),
        operations=_address(environ.get("FORECOURT_OPERATIONS") or _DEFAULT_OPERATIONS),
        local=made_local if local is None else local,
        environment=environment,
        concurrency=_concurrency(environ.get("FORECOURT_CONCURRENCY")),
        memory=_memory(environ.get("FORECOURT_MEMORY")),
        origin=_origin(environ),
        asks_edge=_word(environ, "FORECOURT_EXPOSURE", ("probe", "snapshot")) == "probe",
        sheds=_word(environ, "FORECOURT_SHEDDING", ("on", "off")) == "on",
    )


def settings_as_served(estate: Path, *, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings that `up` last served the estate with, for verbs that act on what it serves.

    Raises `UnusableSetting`.
    """
    settings = read_settings(estate, environ=environ)
    return replace(settings, environment=_served_environment(settings.state))


def remember_environment(settings: Settings) -> None:
    """Keeps the environment's name in the state folder, for `settings_as_served`."""
    path = settings.state / _ENVIRONMENT
    if settings.environment is None:
        path.unlink(missing_ok=True)
    else:
        replace_file(path, f"{settings.environment}\n".encode())


def _served_environment(state: Path) -> str | None:
    try:
        return (state / _ENVIRONMENT).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


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
        return PublicKeys(internal=keys.internal().jwks(), issuers=found)

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
        pins=world.store.pins,
        suspensions=world.store.suspensions,
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
    from forecourt.server.exposure import Looking

    return Looking(
        state=world.settings.state,
        revisions=world.store.revisions,
        narrowings=world.store.narrowings,
        key=world.signing_keys.exposure_reports,
        clock=world.clock,
        entropy=world.entropy,
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
    listeners = (gateway.external, gateway.internal)
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
        usage=store.usage,
        spending=store.spending,
        applications=store.credentials,
        header_versions=HeaderVersions(store.revisions),
        key_wishes=wishes,
        clock=world.clock,
        addresses=tuple((listener.host, listener.port) for listener in listeners),
    )


@asynccontextmanager
async def opened_world(settings: Settings) -> AsyncIterator[World]:
    """Everything open, for as long as the block runs.

    Raises `StoreUnavailable`, and `OSError` where the state folder cannot be made.
    """
    make_state_folder(settings.state)
    anchor = settings.state / _AUDIT_ANCHOR
    async with opened_store(settings.database, origin=settings.origin, anchor=anchor) as store:
        yield World(
            settings=settings,
            store=store,
            signing_keys=SigningKeyFiles(settings.state),
            clock=lambda: datetime.now(UTC),
            entropy=secrets.token_bytes,
        )


def _database(text: str | None, state: Path) -> URL:
    if not text:
        return URL.create("sqlite+aiosqlite", database=str(state / "forecourt.db"))
    try:
        return database_url(text)
    except UnusableDatabaseUrl as error:
        raise UnusableSetting(f"`FORECOURT_DATABASE_URL` is no database: {error}") from None


def _address(text: str) -> Address:
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise UnusableSetting(f"`FORECOURT_OPERATIONS` is `{text}`, which is not HOST:PORT")
    return Address(host=host, port=int(port))


def _word(environ: Mapping[str, str], name: str, words: tuple[str, str]) -> str:
    """What a setting with these words says; the first where nobody set it."""
    text = environ.get(name) or words[0]
    if text not in words:
        raise UnusableSetting(f"`{name}` is `{text}`, which is not one of {', '.join(words)}")
    return text


def _origin(environ: Mapping[str, str]) -> str:
    """This machine, and what `ssh` and `sudo` say of who came to it; anybody may set those two."""
    client = environ.get("SSH_CONNECTION", "").partition(" ")[0]
    before = environ.get("SUDO_USER", "")
    over = f" over ssh from {client}" if client else ""
    through = f" by sudo of {before}" if before else ""
    return f"{socket.gethostname()}{over}{through}"


def _concurrency(text: str | None) -> int:
    if not text:
        return os.cpu_count() or 1
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise UnusableSetting(f"`FORECOURT_CONCURRENCY` is `{text}`, which is not a number above 0")
    return int(text)


def _memory(text: str | None) -> int:
    if not text:
        return max(memory_of_machine() // 2, LEAST_HEAP)
    written = _SIZE.fullmatch(text)
    if written is None:
        raise UnusableSetting(f"`FORECOURT_MEMORY` is `{text}`, which is no size such as `512 MB`")
    memory, most = int(written[1]) * _SIZES[written[2]], memory_of_machine()
    if memory < LEAST_HEAP:
        least = LEAST_HEAP // _SIZES["MB"]
        raise UnusableSetting(f"`FORECOURT_MEMORY` is `{text}`; Envoy needs {least} MB at least")
    if memory > most:  # it would bound nothing
        there = f"{most // _SIZES['MB']:,} MB"
        raise UnusableSetting(f"`FORECOURT_MEMORY` is `{text}`, and there are {there} here")
    return memory
