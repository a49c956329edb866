"""Fixtures of the edge's tests."""

from __future__ import annotations

import pytest

from tests.edge.luajit import Lua


@pytest.fixture
def lua() -> Lua:
    return Lua()
