"""What is saved in an estate's folder, as it happens; and looks in between."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import awatch

# Editors write a file in several steps; what comes within this is one save.
_SETTLE_MS = 40
_STEP_MS = 20


async def saves(estate: Path, *, look_again_ms: int) -> AsyncIterator[frozenset[Path]]:
    """Yields what was changed, added or removed; nothing, about as often as is asked for.

    The looks come also while files change that are no part of the estate: the state folder may lie
    in it, and a busy edge writes its log without a pause.
    """
    looked = time.monotonic()
    async for changes in awatch(
        estate,
        watch_filter=None,
        debounce=_SETTLE_MS,
        step=_STEP_MS,
        rust_timeout=look_again_ms,
        yield_on_timeout=True,
    ):
        paths = (Path(path) for _, path in changes)
        saved = frozenset(path for path in paths if _is_of_the_estate(path, estate))
        now = time.monotonic()
        if saved or not changes or now - looked >= look_again_ms / 1000:
            looked = now
            yield saved


def _is_of_the_estate(path: Path, estate: Path) -> bool:
    return not any(part.startswith(".") for part in path.relative_to(estate).parts)
