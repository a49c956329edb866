"""Publishing is tried with the store that forgets and with SQLite."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from forecourt.store.opening import opened_store
from forecourt.store.url import database_url
from tests.actions.publishing import Acme
from tests.store.in_memory import InMemoryStore


@pytest.fixture(params=["memory", "sqlite"])
async def acme(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Acme]:
    """An estate of which nothing is published yet."""
    if request.param == "memory":
        yield Acme(InMemoryStore())
        return
    async with opened_store(database_url(f"sqlite:///{tmp_path}/store.db")) as store:
        yield Acme(store)
