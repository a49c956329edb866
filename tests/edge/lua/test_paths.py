"""A path that two servers could read in two ways goes no further."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.edge.luajit import Lua

PATHS = Lua().module("paths")


@pytest.mark.parametrize(
    "path",
    [
        "/payments/v2/charges",
        "/payments/v2/charges?next=%2Fusers%2F..%00%zz",
        "/files/my%20file.txt",
        "/people/J%C3%BCrgen/%E6%9D%B1%E4%BA%AC/%F0%9F%98%80",
        "/mail/ada%40example.com",
        "/a/.../b",
        "/matrix;x=1/y",
        "/files/v1.;x=1/y",
        "/",
    ],
)
def test_what_reads_one_way_is_plain(path: str) -> None:
    assert PATHS.is_plain(path) is True


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/a/%252e%252e/b", id="encoded twice"),
        pytest.param("/a/..%3b/b", id="an encoded semicolon"),
        pytest.param("/a/..;/b", id="dots and a semicolon"),
        pytest.param("/a/..;x=1/b?c", id="dots and a parameter"),
        pytest.param("/a/..;/b?c=%20", id="dots and a semicolon, and an escape in the query"),
        pytest.param("/a/.;/b", id="a dot and a semicolon"),
        pytest.param("/a/b%20/..;/b", id="dots and a semicolon after an escape"),
        pytest.param("/a/..%2fb", id="an encoded slash"),
        pytest.param("/a/..%5Cb", id="an encoded backslash"),
        pytest.param("/a/%c0%ae%c0%ae/b", id="an overlong dot"),
        pytest.param("/a/..%c0%afb", id="an overlong slash"),
        pytest.param("/a/%e0%80%ae/b", id="a dot in three bytes"),
        pytest.param("/a/%f0%80%80%ae/b", id="a dot in four bytes"),
        pytest.param("/a/%ed%a0%80/b", id="half a surrogate pair"),
        pytest.param("/a/%f4%90%80%80/b", id="beyond Unicode"),
        pytest.param("/a/%e6%9d/b", id="a letter cut short"),
        pytest.param("/a/%80/b", id="a stray continuation"),
        pytest.param("/a/%ff/b", id="a byte that begins nothing"),
        pytest.param("/a/%ef%bc%8e%ef%bc%8e/b", id="full-width dots"),
        pytest.param("/a/..%ef%bc%8fb", id="a full-width slash"),
        pytest.param("/a/%ef%bc%852e/b", id="a full-width percent sign"),
        pytest.param("/a/%0d%0ab", id="a line's end"),
        pytest.param("/a/%00", id="a null byte"),
        pytest.param("/a/%7f", id="a delete"),
        pytest.param("/a/%09/b", id="a tab"),
        pytest.param("/a/..%20/b", id="dots and a space"),
        pytest.param("/a/%20../b", id="a space and dots"),
        pytest.param("/a/%2e/b", id="an encoded dot"),
        pytest.param("/a/%", id="a lone percent sign"),
        pytest.param("/a/%4", id="half an escape"),
        pytest.param("/a/%zz", id="no escape at all"),
        pytest.param("/a/%u002e%u002e/b", id="an escape of another kind"),
        pytest.param("/a/%%32%65/b", id="an escape within an escape"),
        pytest.param("/a/%25?b", id="in front of a query"),
    ],
)
def test_what_reads_two_ways_is_not(path: str) -> None:
    assert PATHS.is_plain(path) is False


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=12))
def test_text_is_plain_unless_something_in_it_looks_like_syntax(text: str) -> None:
    folded = unicodedata.normalize("NFKC", text)
    is_harmless = not set(folded + text) & set("%/;\\.\u2044\u2215\u2216")
    if is_harmless:
        assert PATHS.is_plain(f"/a/{quote(text, safe='')}/b") is True


@given(st.binary(min_size=1, max_size=6))
def test_bytes_that_are_no_text_are_not_plain(raw: bytes) -> None:
    path = "/" + "".join(f"%{b:02x}" for b in raw)
    try:
        raw.decode()
    except UnicodeDecodeError:
        assert PATHS.is_plain(path) is False


@given(st.text(alphabet="%./;\\ 25ecfaAuF0b3?", max_size=16))
def test_a_plain_path_stays_the_same_path_however_often_it_is_decoded(text: str) -> None:
    path = f"/a/{text}".partition("?")[0]
    if PATHS.is_plain(path):
        once = unquote_to_bytes(path)
        assert unquote_to_bytes(once) == once
        if "%" in path:
            assert not {s.partition(b";")[0].strip(b" ") for s in once.split(b"/")} & {b".", b".."}
