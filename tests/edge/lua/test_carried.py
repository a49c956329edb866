"""Whether a request carries a parameter."""

from __future__ import annotations

import pytest

from tests.edge.luajit import Lua

LUA = Lua()
CARRIED = LUA.module("carried")


def has(location: str, name: str, **headers: str) -> bool:
    fields = {":path": "/", **{n.replace("_", "-"): value for n, value in headers.items()}}
    handle = LUA.handle(headers=fields)
    return bool(CARRIED.has(handle.sent, location, name))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/?old=1", True),
        ("/?a=1&old", True),
        ("/?a=1&old=", True),
        ("/?%6fld=1", True),
        ("/?old[from]=1", True),
        ("/?old%5Bfrom%5D=1", True),
        ("/", False),
        ("/?", False),
        ("/?older=1&a=old", False),
        ("/?&&&", False),
        ("/?%zz=1", False),
        ("/old?new=1", False),
    ],
)
def test_looks_for_a_name_of_the_query(path: str, expected: bool) -> None:
    assert has("query", "old", **{":path": path}) is expected


def test_looks_for_a_field_and_a_cookie() -> None:
    assert has("header", "x-old", x_old="")
    assert not has("header", "x-old", x_older="1")
    assert has("cookie", "old", cookie="a=1; old=2")
    assert not has("cookie", "old", cookie="older=1; a=old")
    assert not has("cookie", "old")
