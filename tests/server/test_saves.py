from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

from forecourt.server.saves import saves

SECONDS = 10


async def test_a_save_is_told_by_its_paths(tmp_path: Path) -> None:
    async with aclosing(saves(tmp_path, look_again_ms=50)) as told:
        assert await anext(told) == frozenset(), "nothing was saved yet"
        saved = tmp_path / "forecourt.yaml"
        saved.write_text("name: acme\n")
        async with asyncio.timeout(SECONDS):
            assert await anext(paths async for paths in told if paths) == {saved}


async def test_what_is_hidden_is_no_save_and_hinders_no_look(tmp_path: Path) -> None:
    """The state folder may lie in the estate, and logs are written all the while."""
    (tmp_path / ".forecourt").mkdir()
    writing = asyncio.create_task(_write_without_a_pause(tmp_path / ".forecourt" / "log"))
    try:
        async with asyncio.timeout(SECONDS), aclosing(saves(tmp_path, look_again_ms=200)) as told:
            assert [await anext(told) for _ in range(3)] == [frozenset()] * 3
    finally:
        writing.cancel()


async def _write_without_a_pause(path: Path) -> None:
    with path.open("a") as log:
        while True:
            log.write("a line\n")
            log.flush()
            await asyncio.sleep(0.01)
