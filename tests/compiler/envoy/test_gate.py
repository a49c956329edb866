"""The few lines of Lua that start the gate: no text of an estate becomes code."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forecourt.compiler.envoy.gate import lua_literal
from tests.compiler.builders import a_snapshot, an_edge, resources
from tests.edge.luajit import Lua
from tests.governance.builders import an_api, an_organization

LUA = Lua()

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SCALARS = TEXTS | st.booleans() | st.integers(-(2**53), 2**53)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
    ),
    max_leaves=8,
)


def read_back(literal: str) -> Any:
    """What LuaJIT makes of it; the source holds nothing but ASCII."""
    return _text(LUA.plain(LUA.run(f"return {literal}")))


def _text(value: Any) -> Any:
    match value:
        case str():
            return value.encode("latin-1").decode()
        case dict():
            return {_text(k): _text(v) for k, v in value.items()}
        case _:
            return value


def _as_tables(value: Any) -> Any:
    match value:
        case list():
            return {i: _as_tables(item) for i, item in enumerate(value, 1)}
        case dict():
            return {k: _as_tables(v) for k, v in value.items()}
        case _:
            return value


@given(VALUES)
@example('"')
@example("\\")
@example('\\"]]--[[\n\r\0os.exit()')
@example("1\u0031")
@example("\x001")
@example({'"] = os.exit(), ["': "]]"})
def test_reads_back_as_it_was(value: Any) -> None:
    literal = lua_literal(value)
    assert literal.isascii()
    assert "\n" not in literal
    assert read_back(literal) == _as_tables(value)


@pytest.mark.parametrize("value", [None, object(), b"bytes", {"a": None}, [set()]])
def test_refuses_what_has_no_literal(value: object) -> None:
    with pytest.raises(msgspec.ValidationError, match="has no Lua literal"):
        lua_literal(value)


def sources(organization: str) -> list[str]:
    """The Lua of every chain of a snapshot."""
    made = a_snapshot(an_edge(an_organization(name=organization), an_api()))
    found = []
    for listener in resources(made, "listeners.json"):
        for chain in listener["filter_chains"]:
            filters = chain["filters"][0]["typed_config"]["http_filters"]
            config = next(f for f in filters if f["name"] == "envoy.filters.http.lua")
            found.append(config["typed_config"]["default_source_code"]["inline_string"])
    return found


@given(TEXTS)
def test_whatever_the_organisation_is_called_the_source_is_code_of_ours_alone(name: str) -> None:
    one, *others = (source.splitlines() for source in sources("Acme"))
    for source in sources(name):
        assert [line.split("(")[0] for line in source.splitlines()] in (
            [line.split("(")[0] for line in known] for known in (one, *others)
        )


def test_an_upgrade_changes_the_source_so_that_envoy_loads_it() -> None:
    assert all("-- forecourt gate, code 0123456789abcdef" in source for source in sources("Acme"))


def test_the_code_comes_from_nowhere_else() -> None:
    for source in sources("Acme"):
        assert 'package.path = "lua/?.lua"\npackage.cpath = ""\n' in source
