"""A path that reads one way; that the Lua decides the same is held in tests/security."""

from __future__ import annotations

import pytest

from forecourt.compiler.plain_path import is_plain


@pytest.mark.parametrize("path", ["/", "/a/b?c=%2F", "/files/my%20file", "/a/.../b", "/v1.;x=1"])
def test_what_reads_one_way_is_plain(path: str) -> None:
    assert is_plain(path)


@pytest.mark.parametrize("path", ["/a/..;/b?c=%20", "/a%2fb", "/%zz", "/%", "/%e2%80%a4", "/%00"])
def test_what_reads_two_ways_is_not(path: str) -> None:
    assert not is_plain(path)
