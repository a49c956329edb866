"""What is open while a verb runs."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from forecourt.bootstrap import opened_world
from forecourt.settings import read_settings


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "forecourt.yaml").write_text("organization: Acme\n")
    return folder


async def test_opens_the_world_and_closes_it(estate: Path) -> None:
    settings = read_settings(estate, environ={})
    async with opened_world(settings) as world:
        assert world.clock().utcoffset() == timedelta(0)
        assert world.entropy(20) != world.entropy(20)
        assert (await world.store.revisions.published_callers()).services == ()
        first = await world.store.news.latest_news()
    async with opened_world(settings) as world:
        assert await world.store.news.latest_news() == first


async def test_keeps_the_state_to_itself_and_out_of_git(estate: Path) -> None:
    settings = read_settings(estate, environ={})
    async with opened_world(settings):
        pass
    assert stat.S_IMODE(settings.state.stat().st_mode) == 0o700
    assert "*" in (settings.state / ".gitignore").read_text().splitlines()
