"""A key that a token names and the edge does not have."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.edge.luajit import Lua

SETTINGS = {"control_cluster": "control", "key_names": {"known": True}}


def a_token(header: Any) -> str:
    text = header if isinstance(header, str) else json.dumps(header)
    return f"{base64.urlsafe_b64encode(text.encode()).decode().rstrip('=')}.e30.c2ln"


def told(*tokens: str) -> list[str]:
    """The paths that were called for these, one after another in one worker."""
    lua = Lua()
    module, handle = lua.module("missing_keys"), lua.handle()
    for token in tokens:
        module.tell(handle, lua.value(SETTINGS), token)
    return [call[2][":path"] for call in handle.calls.values()]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ({"alg": "ES256", "kid": "one"}, "one"),
        ({"kid": "-_ü~" * 40, "alg": "RS256"}, None),
        ({"kid": "a"}, "a"),
        ({"kid": "ab"}, "ab"),
        ({"alg": "ES256"}, None),
        ({"kid": 7}, None),
        ({"kid": ""}, None),
        ('{"kid" : "spaced"}', "spaced"),
        ("no JSON", None),
        ({"kid": "x" * 2000}, None),
    ],
)
def test_reads_the_name_of_the_key(header: Any, name: str | None) -> None:
    assert Lua().module("missing_keys").named(a_token(header)) == name


@pytest.mark.parametrize("token", ["", "a.b", "..", "a..c", "%.%.%", "a.b.c.d", "\xff.b.c"])
def test_what_is_no_token_names_none(token: str) -> None:
    assert Lua().module("missing_keys").named(token) is None


def test_tells_of_a_key_that_nobody_knows_and_waits_for_nothing() -> None:
    assert told(a_token({"kid": "new"})) == ["/missing-key"]


def test_a_token_that_failed_though_its_key_is_known_tells_nothing() -> None:
    assert told(a_token({"kid": "known"}), a_token({})) == []


def test_whoever_invents_names_is_told_of_once() -> None:
    assert len(told(*(a_token({"kid": f"made up {n}"}) for n in range(100)))) == 1
