"""Texts that a worker keeps where LuaJIT's collector does not look."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.edge.luajit import Lua

BYTES = st.binary(max_size=300).map(lambda b: b.decode("latin-1"))
each_text = st.lists(BYTES, min_size=5, max_size=5)


@pytest.fixture
def texts(lua: Lua) -> Any:
    return lua.module("texts")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kept=each_text, instead=each_text)
def test_gives_back_what_was_kept_last(
    lua: Lua, texts: Any, kept: list[str], instead: list[str]
) -> None:
    texts.keep(1, lua.value(kept))
    texts.keep(2, lua.value(kept))
    texts.keep(1, lua.value(instead))
    assert [texts.get(1, which) for which in range(1, 6)] == instead
    assert [texts.get(2, which) for which in range(1, 6)] == kept


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kept=each_text, other=BYTES)
def test_tells_whether_it_is_a_text(lua: Lua, texts: Any, kept: list[str], other: str) -> None:
    texts.keep(texts.CAPACITY, lua.value(kept))
    for which, text in enumerate(kept, 1):
        assert texts["is"](texts.CAPACITY, which, text)
        assert texts["is"](texts.CAPACITY, which, other) == (text == other)
        assert not texts["is"](texts.CAPACITY, which, text + "x")


def test_a_slot_is_dropped_as_often_as_one_likes(lua: Lua, texts: Any) -> None:
    texts.keep(1, lua.value(["a", "b", "c", "d", "e"]))
    texts.drop(1)
    texts.drop(1)
    texts.keep(1, lua.value(["", "", "", "", "e"]))
    assert texts.get(1, 5) == "e"


def test_keys_tokens_and_certificates_are_spread_over_the_places(texts: Any) -> None:
    """What is alike in all of them does not put them into one."""
    certificate = "By=spiffe://acme/edge;Hash={:064x};URI=spiffe://acme/ns/shop/sa/default"
    for many in (
        [f"fc_live_{_chance(n):040x}" for n in range(2_000)],
        [f"Bearer eyJhbGciOiJFUzI1NiJ9.{'e30' * 90}.{_chance(n):086x}" for n in range(2_000)],
        [certificate.format(_chance(n)) for n in range(2_000)],
    ):
        places = {texts.place(text, 65536) for text in many}
        assert len(places) > 1_800


def _chance(number: int) -> int:
    return pow(3, number + 1_000, 2**127 - 1) ** 2 % 2**256
