"""Keys are told apart in a time that nobody outside can make longer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.edge.luajit import Lua

HASH = """
local memory, keys, text = ...
memory.hold(text)
return keys.hash(memory.bytes, #text)
"""


def hasher(lua: Lua) -> object:
    memory, keys = lua.module("json.memory"), lua.module("json.keys")
    run = lua.run(f"return function(...) {HASH} end")
    return lambda text: run(memory, keys, text.decode("latin-1"))


ONE = hasher(Lua())


@given(st.binary(max_size=700))
def test_equal_keys_have_one_hash(key: bytes) -> None:
    assert ONE(key) == ONE(key)


def test_nearly_all_others_have_another() -> None:
    keys = {b"%d" % n for n in range(3000)} | {b"x" * 300 + b"%d" % n for n in range(3000)}
    keys |= {bytes([a, b]) for a in range(60) for b in range(60)}
    keys |= {b"a" * n for n in range(600)}
    assert len({ONE(key) for key in keys}) > 0.999 * len(keys)


def test_each_byte_of_a_key_counts() -> None:
    for size in (1, 2, 3, 4, 5, 8, 9, 16, 17, 255, 256, 257, 600):
        plain = b"k" * size
        changed = {plain[:n] + b"K" + plain[n + 1 :] for n in range(size)}
        assert len({ONE(key) for key in changed | {plain}}) == size + 1, size


def test_each_worker_has_hashes_of_its_own() -> None:
    other = hasher(Lua())
    assert [ONE(b"amount"), ONE(b"id")] != [other(b"amount"), other(b"id")]
