"""Keeps the keys that sign access tokens: each is published before it signs, and after."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from forecourt.actions.oauth.token_keys import TokenKey, is_due, outlived
from forecourt.compiler.envoy import files


class TokenKeys(Protocol):
    """Where keys are kept."""

    def access_tokens(self) -> tuple[TokenKey, ...]:
        """All of them, oldest first."""
        ...

    def add_access_token_key(self, now: datetime) -> TokenKey:
        """A new one."""
        ...

    def forget_access_token_key(self, key: TokenKey) -> None:
        """Removes one for good."""
        ...


# Envoy has taken a snapshot into all its workers by then; it needs a tenth of it.
_SECONDS_UNTIL_TAKEN = 2.0


class ServedKeys:
    """Which keys the edge verifies by: those that stand in the snapshot that it was given."""

    def __init__(self, state: Path, clock: Callable[[], datetime]) -> None:
        self._current = state / "current"
        self._clock = clock
        self._read = ("", "")
        self._since: dict[str, float] = {}

    def stands(self, id: str) -> bool:
        """Whether the snapshot has that key."""
        try:
            snapshot = os.readlink(self._current)
            if snapshot != self._read[0]:
                text = (self._current / files.LISTENERS).read_text("utf-8")
                self._read = snapshot, text
        except OSError:
            return False
        return id in self._read[1]

    def __call__(self, id: str) -> bool:
        """Whether every worker verifies by it: the snapshot has had it for a moment."""
        if not self.stands(id):
            self._since.pop(id, None)
            return False
        now, since = self._clock().timestamp(), self._since.get(id)
        if since is None:
            since = self._current.lstat().st_mtime
        # Where the clock was set back, it begins now: else no key signs for as long.
        since = self._since[id] = min(since, now)
        return now >= since + _SECONDS_UNTIL_TAKEN


async def keep_token_keys(
    keys: TokenKeys,
    *,
    is_served: Callable[[str], bool],
    publish: Callable[[], Awaitable[None]],
    failed: Callable[[Exception], None],
    clock: Callable[[], datetime],
    seconds: float = 1.0,
) -> None:
    """Publishes keys that were made, makes one where the newest has signed for long enough, and
    removes what is outlived; for ever. `failed` hears what failed."""
    while True:
        try:
            await keep_once(keys, is_served=is_served, publish=publish, now=clock())
        except Exception as error:  # the edge goes on with the keys it has
            failed(error)
        await asyncio.sleep(seconds)


async def keep_once(
    keys: TokenKeys,
    *,
    is_served: Callable[[str], bool],
    publish: Callable[[], Awaitable[None]],
    now: datetime,
) -> None:
    """One look."""
    known = keys.access_tokens()
    if is_due(known, now=now):
        known = (*known, keys.add_access_token_key(now))
    for old in outlived(known, now=now, is_served=is_served):
        keys.forget_access_token_key(old)
    if not all(is_served(key.key.id) for key in known):
        await publish()
