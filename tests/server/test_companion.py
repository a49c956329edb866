"""Publishing what is saved."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from forecourt.server import companion
from forecourt.server.companion import publish_what_is_saved
from forecourt.server.publisher import Publisher, Report


class Days:
    """Stands for a publisher that is asked the day, and told to publish when another begins."""

    def __init__(self, *days: date) -> None:
        self._days = list(days)
        self.published: list[str] = []
        self.are_over = asyncio.Event()

    def today(self) -> date:
        if len(self._days) == 1:
            self.are_over.set()
            return self._days[0]
        return self._days.pop(0)

    async def publish(self, *, who: str, because: str) -> Report:
        self.published.append(because)
        raise OSError("no edge")


async def _watch(days: Days, folder: Path) -> None:
    watching = asyncio.create_task(
        publish_what_is_saved(
            cast("Publisher", days),
            folder,
            who="ada",
            told=lambda report: None,
            failed=lambda error: None,
        )
    )
    await days.are_over.wait()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companion, "_LOOK_AGAIN_MS", 20)


async def test_nothing_is_published_while_the_day_goes_on(tmp_path: Path) -> None:
    days = Days(*[date(2030, 1, 1)] * 4)
    await _watch(days, tmp_path)
    assert days.published == []


async def test_the_estate_is_judged_again_when_another_day_begins(tmp_path: Path) -> None:
    days = Days(date(2030, 1, 1), date(2030, 1, 1), date(2030, 1, 2), date(2030, 1, 2))
    await _watch(days, tmp_path)
    assert days.published == ["saved"]
