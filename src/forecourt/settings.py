"""Where things are, as the environment says; it is read here and nowhere else."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import URL

from forecourt.actions.no_estate import is_estate, no_estate
from forecourt.edge.memory import memory_of_machine
from forecourt.edge.overload import LEAST_HEAP
from forecourt.edge.replacing import replace_file
from forecourt.estate.organization import Address
from forecourt.state_folder import state_folder
from forecourt.store.signing_keys import SigningKeyFiles
from forecourt.store.url import UnusableDatabaseUrl, database_url

_DEFAULT_OPERATIONS = "127.0.0.1:9464"  # the port that Prometheus exporters of this kind use

# In the state folder: the name of the environment that `up` serves.
_ENVIRONMENT = "environment"

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
    log. `asks_edge`: `up` asks the running edge for what must not be open,
    and with `asks_upstreams` the services. `sheds`: a full
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
    asks_upstreams: bool
    sheds: bool


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
    - `FORECOURT_EXPOSURE`: `probe`, `edge` or `snapshot`, what `up` asks when it looks for
      openings; default `probe`.
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
    asks = _word(environ, "FORECOURT_EXPOSURE", ("probe", "edge", "snapshot"))
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
        asks_edge=asks != "snapshot",
        asks_upstreams=asks == "probe",
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


def _word(environ: Mapping[str, str], name: str, words: tuple[str, ...]) -> str:
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
