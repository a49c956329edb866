"""Fixtures of the edge's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from forecourt.edge.supervisor import EnvoyOptions, Supervisor
from tests.edge.luajit import Lua
from tests.edge.state import Ports, a_state_folder

Supervise = Callable[[], Supervisor]


@pytest.fixture
def lua() -> Lua:
    return Lua()


@pytest.fixture
def state() -> Iterator[Path]:
    """An empty state folder."""
    with a_state_folder() as folder:
        yield folder


@pytest.fixture
def ports(state: Path) -> Ports:
    """Ports on which the folder's snapshot listens."""
    found = Ports()
    found.publish(state)
    return found


@pytest.fixture
async def supervise(state: Path) -> AsyncIterator[Supervise]:
    """Supervisors of the folder; what they started ends with the test, the latest first."""
    made: list[Supervisor] = []

    def new() -> Supervisor:
        made.append(Supervisor(EnvoyOptions(state=state, concurrency=1, memory=1 << 30)))
        return made[-1]

    yield new
    for each in reversed(made):
        await each.stop()
