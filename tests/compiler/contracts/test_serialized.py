"""Values as LuaJIT reads them: its own decoder says what it makes of the bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lupa import luajit21

from forecourt.compiler.contracts.serialized import LuaValue, deserialize, serialize

_RUNTIME = luajit21.LuaRuntime(encoding=None)
_DECODE = _RUNTIME.eval(b"require('string.buffer').decode")

_SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False),
    st.text(),
)
_VALUES: st.SearchStrategy[Any] = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)
    ),
)


def as_lua_has_it(value: Any) -> Any:
    """The same value as `plain` gives it back: sequences by number, texts as bytes."""
    match value:
        case str():
            return value.encode()
        case Mapping():
            return {key.encode(): as_lua_has_it(inner) for key, inner in value.items()}
        case list() | tuple():
            return {i: as_lua_has_it(inner) for i, inner in enumerate(value, start=1)}
        case _:
            return value


def plain(value: Any) -> Any:
    if luajit21.lua_type(value) == "table":
        return {key: plain(inner) for key, inner in value.items()}
    return value


@given(_VALUES)
def test_luajit_makes_the_same_value_of_it(value: LuaValue) -> None:
    assert plain(_DECODE(serialize(value))) == as_lua_has_it(value)


@pytest.mark.parametrize("size", [0, 1, 0xBF, 0xC0, 0xDF, 0xE0, 0x1FBF, 0x1FC0, 0x1FDF, 0x20000])
def test_a_text_of_any_length_arrives_whole(size: int) -> None:
    assert len(_DECODE(serialize(b"x" * size))) == size


@given(_VALUES.filter(lambda value: value not in ({}, [])))
def test_what_is_written_is_read_back(value: LuaValue) -> None:
    assert serialize(deserialize(serialize(value))) == serialize(value)


def test_bytes_that_are_no_text_stay_bytes() -> None:
    assert deserialize(serialize({"bundle": b"FCB2\xff"})) == {"bundle": b"FCB2\xff"}


def test_equal_values_give_equal_bytes() -> None:
    assert serialize({"a": 1, "b": 2}) == serialize({"b": 2, "a": 1})


def test_absence_has_no_spelling() -> None:
    with pytest.raises(TypeError, match="NoneType has no spelling"):
        serialize({"a": None})  # type: ignore[dict-item]


@pytest.mark.parametrize("broken", [b"", b"\x09", b"\x09\x01", b"\x30abc", b"\x06\x00"])
def test_what_is_cut_short_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match="cut short"):
        deserialize(broken)


@pytest.mark.parametrize("broken", [b"\x01\x01", b"\x0e", b"\x05\x00\x00\x00\x00"])
def test_what_is_not_written_here_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match=r"follows the value|begins with"):
        deserialize(broken)
