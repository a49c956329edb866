"""Texts that a worker keeps where LuaJIT's collector does not look."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lupa.luajit21 import LuaError

from tests.edge.lua.json.test_memory import PAGE, needs_proc, pages
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


def test_what_cannot_be_kept_leaves_what_was_there(lua: Lua, texts: Any) -> None:
    kept = ["a key", "key_1", "app_1", "developer:ada", ""]
    texts.keep(1, lua.value(kept))
    for spoilt in (kept[:4], [*kept[:4], 7], [*kept[:4], True]):
        with pytest.raises(LuaError, match="is none"):
            texts.keep(1, lua.value(spoilt))
    assert [texts.get(1, which) for which in range(1, 6)] == kept


@needs_proc
def test_memory_is_given_back_when_texts_are_replaced_dropped_or_go_with_their_state() -> None:
    for _ in range(3):
        _keep_and_go()
    gc.collect()
    before = pages()[1]
    for _ in range(5):
        _keep_and_go()  # 180 MB each time, were nothing given back; 20 MB at once
        gc.collect()
    assert (pages()[1] - before) * PAGE < 60_000_000


def _keep_and_go() -> None:
    lua = Lua()
    keep = """
        local texts, long = ..., ("x"):rep(10000)
        for turn = 1, 9 do
          for slot = 1, 2000 do
            texts.keep(slot, { long, "a", "b", "c", turn .. "" })
            if turn == 5 then texts.drop(slot) end
          end
        end
        """
    lua.run(keep, lua.module("texts"))


def test_a_slot_is_dropped_as_often_as_one_likes(lua: Lua, texts: Any) -> None:
    texts.keep(1, lua.value(["a", "b", "c", "d", "e"]))
    for _ in range(2):
        texts.drop(1)
        assert not texts["is"](1, 1, "a")
        with pytest.raises(LuaError, match="nothing is known"):
            texts.get(1, 1)
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
