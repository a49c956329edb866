"""Openings are looked for after each publication, and when nothing was for long."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from forecourt.actions.exposure_report import ExposureReport
from forecourt.server.exposure_watch import Publications, keep_looking
from tests.actions.test_exposure_report import a_report


class Watch:
    """Somebody who looks, and what came of it."""

    def __init__(self, *, seconds: float = 60.0) -> None:
        self.served = "a snapshot"
        self.publications = Publications("first", lambda: self.served)  # type: ignore[arg-type]
        self.changed = asyncio.Condition()
        self.looked: list[Any] = []
        self.told: list[ExposureReport] = []
        self.failed: list[Exception] = []
        self.fails: Exception | None = None
        self._seconds = seconds

    async def look(self, examined: object) -> ExposureReport:
        async with self.changed:
            self.looked.append(examined)
            self.changed.notify_all()
        if self.fails:
            raise self.fails
        return a_report()

    def start(self) -> asyncio.Task[None]:
        return asyncio.create_task(
            keep_looking(
                self.publications,
                self.look,
                told=self.told.append,
                failed=self.failed.append,
                seconds=self._seconds,
                settling=0.0,
                glances=0.001,
            )
        )


async def until(watch: Watch, count: int) -> None:
    async with asyncio.timeout(20), watch.changed:
        await watch.changed.wait_for(lambda: len(watch.looked) >= count)


@pytest.fixture
def watch() -> Watch:
    return Watch()


async def test_looks_at_once_and_after_each_publication(watch: Watch) -> None:
    task = watch.start()
    await until(watch, 1)
    watch.publications.tell("second")  # type: ignore[arg-type]
    await until(watch, 2)
    task.cancel()
    assert watch.looked == ["first", "second"]
    assert len(watch.told) == 2


async def test_several_publications_at_once_are_one(watch: Watch) -> None:
    task = watch.start()
    await until(watch, 1)
    watch.publications.tell("second")  # type: ignore[arg-type]
    watch.publications.tell("third")  # type: ignore[arg-type]
    await until(watch, 2)
    for _ in range(20):
        await asyncio.sleep(0)
    task.cancel()
    assert watch.looked == ["first", "third"]


async def test_looks_after_another_process_published(watch: Watch) -> None:
    """As `forecourt open` and `narrow` do."""
    task = watch.start()
    await until(watch, 1)
    watch.served = "another"
    await until(watch, 2)
    task.cancel()


async def test_looks_again_when_nothing_was_published_for_long() -> None:
    watch = Watch(seconds=0.001)
    task = watch.start()
    await until(watch, 3)
    task.cancel()


async def test_goes_on_after_a_failure(watch: Watch) -> None:
    watch.fails = OSError("no space left")
    task = watch.start()
    await until(watch, 1)
    watch.fails = None
    watch.publications.tell("second")  # type: ignore[arg-type]
    await until(watch, 2)
    task.cancel()
    assert [str(error) for error in watch.failed] == ["no space left"]
