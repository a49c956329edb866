"""An Envoy that an earlier run left behind, and whether the next can take over from it.

Envoy hands over by itself (hot restart): the next one gets the listening sockets of the one before,
no connection waits in vain, and what is under way ends where it began. Both must speak the same
version of that, and know each other by a base id; epochs count them.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

import httpx

from forecourt.edge.admin import Admin
from forecourt.edge.binary import envoy_binary

# In the state folder: where Envoy writes the base id that it chose, and its sockets' first words.
BASE_ID_FILE = "run/envoy.base"
SOCKETS = "run/hand-over"

_SHARED_MEMORY = Path("/dev/shm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Predecessor:
    """One that serves. `addresses` are those on which it listens, as `host:port`."""

    pid: int
    base_id: str
    epoch: int
    addresses: frozenset[str]


def running_envoy(pid_file: Path, state: Path) -> int | None:
    """The process that the file names, if it is an Envoy that runs in this state folder."""
    try:
        pid = int(pid_file.read_text())
    except (OSError, ValueError):
        return None
    return pid if is_envoy(pid, state) else None


def is_envoy(pid: int, state: Path) -> bool:
    """Whether that process is an Envoy that runs in this state folder."""
    try:
        where = Path(f"/proc/{pid}/cwd").resolve()
        what = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
    except OSError:
        return False
    return where == state.resolve() and Path(os.fsdecode(what)).name == "envoy"


def first_of_its_kind() -> tuple[str, ...]:
    """What an Envoy is told that takes over from nobody. One that finds no shared memory cannot
    hand over either."""
    if not os.access(_SHARED_MEMORY, os.W_OK):
        return ("--disable-hot-restart",)
    return ("--use-dynamic-base-id", "--base-id-path", BASE_ID_FILE, *_WHERE)


def successor_of(predecessor: Predecessor) -> tuple[str, ...]:
    """What the next one is told."""
    epoch = str(predecessor.epoch + 1)
    return ("--base-id", predecessor.base_id, "--restart-epoch", epoch, *_WHERE)


# Whoever may speak to these sockets may take our connections, so nobody else may.
_WHERE = ("--socket-path", SOCKETS, "--socket-mode", "600")


async def can_hand_over(pid: int, state: Path, admin: Admin) -> Predecessor | None:
    """What must be known of it to take over; None where that cannot be done."""
    words = _command(pid)
    if "--disable-hot-restart" in words:
        return None
    try:
        server = await admin.server()
        own = await _own_version()
        base_id = _after("--base-id", words) or (state / BASE_ID_FILE).read_text().strip()
        listeners = await admin.listeners()
    except (httpx.HTTPError, ValueError, OSError):
        return None
    if server.hot_restart_version != own or not base_id.isdecimal() or not listeners:
        return None
    return Predecessor(pid=pid, base_id=base_id, epoch=server.epoch, addresses=listeners)


def sweep(state: Path, base_id: str | None) -> None:
    """Removes what those leave behind that handed over to each other, when none of them runs."""
    run = state / Path(SOCKETS).parent
    for left in run.glob(Path(SOCKETS).name + "_*"):
        left.unlink(missing_ok=True)
    if base_id is not None and base_id.isdecimal():
        # Envoy's own name for it: the base id with a digit more.
        (_SHARED_MEMORY / f"envoy_shared_memory_{base_id}0").unlink(missing_ok=True)


async def _own_version() -> str:
    asking = await asyncio.create_subprocess_exec(
        str(envoy_binary()), "--hot-restart-version", stderr=asyncio.subprocess.PIPE
    )
    _, said = await asking.communicate()
    return said.decode().strip()


def _command(pid: int) -> list[str]:
    try:
        return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).split("\0")
    except OSError:
        return []


def _after(option: str, words: list[str]) -> str | None:
    return words[words.index(option) + 1] if option in words[:-1] else None
