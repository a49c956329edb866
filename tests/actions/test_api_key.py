"""The form of an API key."""

from __future__ import annotations

import hashlib
import string
import zlib
from pathlib import Path

import lupa.luajit21 as lupa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import forecourt
from forecourt.actions.api_key import (
    ENTROPY_BYTES,
    SHOWN,
    checksum,
    is_well_formed,
    key_digest,
    new_key,
)

LENGTH = 41  # of `fc_live_`, 27 characters and a checksum of six
LUA = Path(forecourt.__file__).parent / "edge" / "lua"

keys = st.builds(
    lambda random, is_test: new_key(lambda _: random, is_test=is_test),
    st.binary(min_size=ENTROPY_BYTES, max_size=ENTROPY_BYTES),
    st.booleans(),
)


def test_has_the_documented_form() -> None:
    asked = []
    key = new_key(lambda size: asked.append(size) or bytes(range(size)), is_test=False)
    assert asked == [20], "160 random bits"
    number = int.from_bytes(bytes(range(20)))
    digits = string.digits + string.ascii_uppercase + string.ascii_lowercase
    body, check = key[8:-6], key[-6:]
    assert key.startswith("fc_live_")
    assert len(body) == 27
    assert sum(digits.index(d) * 62**n for n, d in enumerate(reversed(body))) == number
    crc = zlib.crc32(key[:-6].encode())
    assert sum(digits.index(d) * 62**n for n, d in enumerate(reversed(check))) == crc


def test_stays_what_was_once_printed() -> None:
    """A vector for other implementations; the CRC of `123456789` is the published check value."""
    key = new_key(lambda size: bytes(range(size)), is_test=True)
    assert key == "fc_test_0029sS3yqsuDyR1vGFhTuuRAq1b1RwCI3"
    assert zlib.crc32(b"123456789") == 0xCBF43926


@given(keys)
def test_recognises_what_it_made(key: str) -> None:
    assert is_well_formed(key)
    assert len(key) == LENGTH
    assert key_digest(key) == hashlib.sha256(key.encode()).hexdigest()
    assert len(key) - SHOWN - 4 >= 20, "what is never shown cannot be guessed"


@given(keys, st.data())
def test_notices_any_change_of_one_character(key: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(key) - 1))
    other = data.draw(st.characters().filter(lambda c: c != key[place]))
    assert not is_well_formed(key[:place] + other + key[place + 1 :])


@given(keys, st.integers(0, LENGTH - 1), st.sampled_from(string.ascii_letters + string.digits))
def test_notices_a_character_too_many_or_too_few(key: str, place: int, extra: str) -> None:
    assert not is_well_formed(key[:place] + key[place + 1 :])
    assert not is_well_formed(key[:place] + extra + key[place:])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fc_live_",
        "fc_prod_" + "0" * 27 + checksum("fc_prod_" + "0" * 27),
        "fc_live_" + "-" * 27 + checksum("fc_live_" + "-" * 27),
        "FC_LIVE_" + "0" * 27 + checksum("FC_LIVE_" + "0" * 27),
        "fc_live_" + "0" * 27 + checksum("fc_live_" + "0" * 27) + "\n",
        "fc_live_" + "٣" * 33,
    ],
    ids=["nothing", "a prefix", "another prefix", "other letters", "capitals", "a line", "digits"],
)
def test_refuses(text: str) -> None:
    assert not is_well_formed(text)


@given(keys, st.integers(0, LENGTH - 1), st.characters(max_codepoint=0x7E))
def test_the_edge_judges_alike(key: str, place: int, other: str) -> None:
    changed = key[:place] + other + key[place + 1 :]
    assert _edge_says(key)
    assert _edge_says(changed) == is_well_formed(changed)


def _lua() -> object:
    runtime = lupa.LuaRuntime()
    runtime.execute(f"package.path = '{LUA}/?.lua;' .. package.path")
    return runtime.eval("require('forecourt.api_key')").is_well_formed


_edge_says = _lua()
