"""What a caller left behind is given back once the log tells of it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from forecourt.edge.buckets import prepare_buckets
from forecourt.edge.logged_request import LoggedRequest
from forecourt.server.freeing import Freeing
from tests.edge.logged import a_logged_request
from tests.edge.lua.test_places import Worker


class Told:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.requests: list[LoggedRequest] = []

    async def last_uses(self, keys: Sequence[str]) -> Mapping[str, datetime]:
        return dict.fromkeys(keys, datetime(2026, 3, 1, tzinfo=UTC))

    async def __call__(
        self, requests: Sequence[LoggedRequest], last_uses: Mapping[str, datetime]
    ) -> None:
        self.requests += requests


async def test_frees_the_places_of_what_ended_and_tells_on(tmp_path: Path) -> None:
    prepare_buckets(tmp_path / "buckets")
    worker, told, now = Worker(tmp_path / "buckets"), Told(), time.monotonic()
    held = [worker.take(2, now) for _ in range(2)]
    requests = [a_logged_request(place=held[0]), a_logged_request()]
    freeing = Freeing(tmp_path / "buckets", told)
    await freeing(requests, {})
    assert told.requests == requests
    assert worker.take(2, now + 1) is not None
    assert worker.take(2, now + 1) is None
    assert list(await freeing.last_uses(["key_1"])) == ["key_1"]


async def test_tells_on_where_there_are_no_places(tmp_path: Path) -> None:
    told = Told()
    requests = [a_logged_request(), a_logged_request(place="4503599627370497 1")]
    await Freeing(tmp_path / "none", told)(requests, {})
    assert told.requests == requests
