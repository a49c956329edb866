"""What a worker remembers of credentials, and what makes it forget."""

from __future__ import annotations

from typing import Any

import pytest
from lupa.luajit21 import LuaError

from tests.edge.entitled import an_answer
from tests.edge.luajit import Lua

NOW = 1_000.0
FIELD = "x-api-key"


@pytest.fixture
def entitlements(lua: Lua) -> Any:
    return lua.module("entitlements")


@pytest.fixture
def remember(lua: Lua, entitlements: Any) -> Any:
    def one(value: str, field: str = FIELD, **answer: Any) -> int:
        slot: int = entitlements.remember(field, value, lua.value(an_answer(**answer)), NOW)
        return slot

    return one


def drop(lua: Lua, entitlements: Any, **named: str) -> None:
    """Drops what one name of one kind is said of."""
    sets = (lua.value({named[k]: True} if k in named else {}) for k in _KINDS)
    entitlements.drop_all_of(*sets)


_KINDS = ("credential", "application", "consumer")


def names(entitlements: Any, slot: int) -> tuple[str, ...]:
    """What a slot is called, a name of each kind."""
    return tuple(entitlements[kind](slot) for kind in _KINDS)


def test_finds_what_it_remembers_by_field_and_value(entitlements: Any, remember: Any) -> None:
    slot = remember("a key", credential="key_7")
    assert entitlements.slot(FIELD, "a key") == slot
    assert entitlements.credential(slot) == "key_7"
    assert entitlements.slot("authorization", "a key") is None
    assert entitlements.slot(FIELD, "another key") is None


def test_keeps_everything_that_was_answered(lua: Lua, entitlements: Any, remember: Any) -> None:
    slot = remember("a key")
    answer = an_answer()
    assert names(entitlements, slot) == ("key_1", "app_1", "developer:ada")
    assert entitlements.application(slot) == "app_1"
    assert entitlements.consumer(slot) == "developer:ada"
    assert entitlements.subject(slot) == ""
    assert entitlements.bucket(slot) == answer["bucket"]
    assert lua.plain(entitlements.terms[slot]) == answer["terms"]
    assert (entitlements.fresh(slot), entitlements.grace[slot]) == (NOW + 60, NOW + 660)
    assert entitlements.expires[slot] == answer["expires"]


def test_slots_beside_each_other_keep_their_own(entitlements: Any, remember: Any) -> None:
    slots = []
    for n in range(9):
        own = {"credential": f"c{n}", "application": f"a{n}", "consumer": f"o{n}"}
        slots.append(remember(f"key {n}", bucket=n + 1, **own))
    for n, slot in enumerate(slots):
        assert names(entitlements, slot) == (f"c{n}", f"a{n}", f"o{n}")
        assert entitlements.bucket(slot) == n + 1


def test_calls_an_answer_fresh_for_as_long_as_it_is_told(entitlements: Any, remember: Any) -> None:
    slot = remember("a key")
    entitlements.renew(slot, NOW + 7)
    assert entitlements.fresh(slot) == NOW + 7


def test_may_doubt_everything_and_forget_nothing(entitlements: Any, remember: Any) -> None:
    slots = remember("a"), remember("b")
    entitlements.doubt_everything()
    assert [entitlements.fresh(slot) for slot in slots] == [0, 0]
    assert entitlements.slot(FIELD, "a") == slots[0]
    assert entitlements.grace[slots[0]] == NOW + 660


def test_says_until_when_an_answer_counts(entitlements: Any, remember: Any) -> None:
    slot = remember("a key", fresh=60, grace=600, expires=NOW + 90)
    assert entitlements.fresh(slot) == NOW + 60
    assert entitlements.grace[slot] == NOW + 90, "nothing outlives the credential"
    slot = remember("another", fresh=60, grace=600, expires=NOW + 30)
    assert entitlements.fresh(slot) == entitlements.grace[slot] == NOW + 30


def test_a_newer_answer_takes_the_place_of_the_older(entitlements: Any, remember: Any) -> None:
    slot = remember("a key", consumer="developer:ada")
    assert remember("a key", consumer="developer:grace") == slot
    assert entitlements.consumer(slot) == "developer:grace"


def test_forgets_one(entitlements: Any, remember: Any) -> None:
    slot = remember("a key")
    remember("another")
    entitlements.drop(FIELD, "a key")
    assert entitlements.slot(FIELD, "a key") is None
    assert entitlements.slot(FIELD, "another") is not None
    assert entitlements.fresh(slot) == entitlements.grace[slot] == 0
    entitlements.drop(FIELD, "a key")
    entitlements.drop("never seen", "a key")


def test_tells_when_a_slot_was_forgotten_and_not_when_it_is_answered_anew(
    entitlements: Any, remember: Any
) -> None:
    slot = remember("a key")
    turn = entitlements.turn(slot)
    assert remember("a key", consumer="developer:grace") == slot
    assert entitlements.turn(slot) == turn
    entitlements.drop(FIELD, "a key")
    assert entitlements.turn(slot) != turn


@pytest.mark.parametrize("step", ["place", "drop"])
@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
def test_who_cannot_be_forgotten_is_asked_about_again_and_is_forgotten_the_next_time(
    lua: Lua, entitlements: Any, remember: Any, step: str, is_done: bool
) -> None:
    slot = remember("a key")
    remember("another")
    mend = lua.run(
        """
        local texts, step, is_done = require("forecourt.texts"), ...
        local whole = texts[step]
        texts[step] = function(...)
          if is_done then whole(...) end
          error("a fault")
        end
        return function() texts[step] = whole end
        """,
        step,
        is_done,
    )
    with pytest.raises(LuaError, match="a fault"):
        entitlements.drop_everything()
    assert entitlements.fresh(slot) == entitlements.grace[slot] == 0
    mend()
    entitlements.drop_everything()
    assert entitlements.slot(FIELD, "a key") is None
    assert entitlements.slot(FIELD, "another") is None
    assert entitlements.credential(remember("a key")) == "key_1"


def test_finds_each_of_those_that_stand_in_one_place(entitlements: Any, remember: Any) -> None:
    """They differ where their place is not read from, so they share it."""
    values = [f"{letter}{'x' * 400}" for letter in "abc"]
    slots = {value: remember(value) for value in values}
    assert {value: entitlements.slot(FIELD, value) for value in values} == slots
    for gone in ("b", "c", "a"):
        value = f"{gone}{'x' * 400}"
        entitlements.drop(FIELD, value)
        del slots[value]
        assert entitlements.slot(FIELD, value) is None
        assert all(entitlements.slot(FIELD, other) == slots[other] for other in slots)


def test_forgets_what_is_named_among_very_many(lua: Lua, entitlements: Any, remember: Any) -> None:
    remember("a", application="app_77")
    remember("b", application="app_of_nobody_named")
    many = {f"app_{n}": True for n in range(100)}
    entitlements.drop_all_of(lua.value({}), lua.value(many), lua.value({}))
    assert entitlements.slot(FIELD, "a") is None
    assert entitlements.slot(FIELD, "b") is not None


@pytest.mark.parametrize("kind", _KINDS)
def test_forgets_all_of_which_one_thing_is_said(
    lua: Lua, entitlements: Any, remember: Any, kind: str
) -> None:
    remember("a", **{kind: "named"})
    remember("b", field="authorization", **{kind: "named"})
    remember("c", **{kind: "other"})
    drop(lua, entitlements, **{kind: "named"})
    assert entitlements.slot(FIELD, "a") is None
    assert entitlements.slot("authorization", "b") is None
    assert entitlements.slot(FIELD, "c") is not None


def test_one_kind_of_name_is_not_taken_for_another(
    lua: Lua, entitlements: Any, remember: Any
) -> None:
    remember("a", credential="x", application="y", consumer="z")
    drop(lua, entitlements, credential="y", application="z", consumer="x")
    assert entitlements.slot(FIELD, "a") is not None


def test_forgets_everything(entitlements: Any, remember: Any) -> None:
    remember("a")
    remember("b", field="authorization")
    entitlements.drop_everything()
    assert entitlements.slot(FIELD, "a") is None
    assert entitlements.slot("authorization", "b") is None
    assert entitlements.slot(FIELD, remember("c") and "c") is not None


def test_makes_room_by_what_was_not_used_for_longest(
    lua: Lua, entitlements: Any, remember: Any
) -> None:
    most = int(entitlements.CAPACITY)
    lua.run(
        "local e, answer, n = ... for i = 1, n do e.remember('x-api-key', 'k' .. i, answer, 1) end",
        entitlements,
        lua.value(an_answer()),
        most,
    )
    remember("one more")  # all were used: the hand goes round once and takes the first
    assert entitlements.slot(FIELD, "k1") is None
    assert entitlements.slot(FIELD, "one more") is not None
    assert entitlements.slot(FIELD, "k3") is not None, "used a moment ago"
    remember("another")
    assert entitlements.slot(FIELD, "k2") is None
    remember("a third")
    assert entitlements.slot(FIELD, "k3") is not None
    assert entitlements.slot(FIELD, "k4") is None


def test_remembers_so_many_and_no_more(lua: Lua, entitlements: Any) -> None:
    slots = lua.run(
        """
        local e, answer, n = ...
        local most = 0
        for i = 1, n do
          most = math.max(most, e.remember('x-api-key', 'k' .. i, answer, 1))
        end
        return most
        """,
        entitlements,
        lua.value(an_answer()),
        3 * int(entitlements.CAPACITY),
    )
    assert slots == entitlements.CAPACITY
