"""Which parts serve which; settings are read here and only here."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL

from forecourt.actions.entropy import Entropy
from forecourt.estate.organization import Address
from forecourt.store.opening import Store, opened_store
from forecourt.store.signing_keys import SigningKeyFiles
from forecourt.store.url import UnusableDatabaseUrl, database_url

_DEFAULT_OPERATIONS = "127.0.0.1:9464"  # the port that Prometheus exporters of this kind use


class UnusableSetting(ValueError):
    """A setting, or the folder that was named, cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where things are. `operations` is where metrics and health are served."""

    estate: Path
    state: Path
    database: URL
    operations: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What actions are given of the world."""

    settings: Settings
    store: Store
    signing_keys: SigningKeyFiles
    clock: Callable[[], datetime]
    entropy: Entropy


def read_settings(estate: Path, *, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of an estate: its folder, and what the environment says.

    - `FORECOURT_STATE`: the folder for what must outlive a restart; default `ESTATE/.forecourt`.
    - `FORECOURT_DATABASE_URL`: default SQLite in that folder.
    - `FORECOURT_OPERATIONS`: `HOST:PORT` for metrics and health; default 127.0.0.1:9464.

    Raises `UnusableSetting`.
    """
    estate = estate.resolve()
    if not (estate / "forecourt.yaml").is_file():
        raise UnusableSetting(
            f"`{estate}` holds no forecourt.yaml; name the folder of an estate with `--estate DIR`"
        )
    state = Path(environ.get("FORECOURT_STATE") or estate / ".forecourt").resolve()
    return Settings(
        estate=estate,
        state=state,
        database=_database(environ.get("FORECOURT_DATABASE_URL"), state),
        operations=_address(environ.get("FORECOURT_OPERATIONS") or _DEFAULT_OPERATIONS),
    )


@asynccontextmanager
async def opened_world(settings: Settings) -> AsyncIterator[World]:
    """Everything open, for as long as the block runs.

    Raises `StoreUnavailable`, and `OSError` where the state folder cannot be made.
    """
    make_state_folder(settings.state)
    async with opened_store(settings.database) as store:
        yield World(
            settings=settings,
            store=store,
            signing_keys=SigningKeyFiles(settings.state),
            clock=lambda: datetime.now(UTC),
            entropy=secrets.token_bytes,
        )


def make_state_folder(state: Path) -> None:
    """The state folder, for its owner only, and never part of anybody's commit."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    ignore = state / ".gitignore"
    if not ignore.exists():
        ignore.write_text("# keys and databases: not for Git\n*\n", encoding="utf-8")


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
