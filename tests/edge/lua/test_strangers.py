"""Credentials that stand for nobody, remembered for a moment."""

from __future__ import annotations

from typing import Any

import pytest

from tests.edge.luajit import Lua

NOW = 1_000.0


@pytest.fixture
def strangers(lua: Lua) -> Any:
    return lua.module("strangers")


def test_remembers_for_five_seconds(strangers: Any) -> None:
    strangers.remember("x-api-key", "made-up", NOW)
    assert strangers.is_known("x-api-key", "made-up", NOW)
    assert strangers.is_known("x-api-key", "made-up", NOW + 4.9)
    assert not strangers.is_known("x-api-key", "made-up", NOW + 5)


def test_does_not_remember_for_longer_when_the_clock_is_set_back(strangers: Any) -> None:
    strangers.remember("x-api-key", "made-up", NOW)
    assert not strangers.is_known("x-api-key", "made-up", NOW - 1)


def test_knows_a_value_by_the_field_it_came_in(strangers: Any) -> None:
    strangers.remember("x-api-key", "made-up", NOW)
    assert not strangers.is_known("authorization", "made-up", NOW)
    assert not strangers.is_known("x-api-key", "other", NOW)


def test_forgets_all_when_something_changed(strangers: Any) -> None:
    strangers.remember("x-api-key", "made-up", NOW)
    strangers.forget()
    assert not strangers.is_known("x-api-key", "made-up", NOW)


def test_is_bounded(strangers: Any, lua: Lua) -> None:
    lua.run(
        "local s, now = ... for i = 1, 10000 do s.remember('x-api-key', 'v' .. i, now) end",
        strangers,
        NOW,
    )
    assert strangers.is_known("x-api-key", "v1", NOW)
    strangers.remember("x-api-key", "one more", NOW)
    assert not strangers.is_known("x-api-key", "v1", NOW)
    assert strangers.is_known("x-api-key", "one more", NOW)
