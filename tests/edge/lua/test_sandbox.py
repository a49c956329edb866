"""What no code of the edge can reach once the gate is loaded."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from forecourt.compiler.envoy.answers import answers_filter
from forecourt.compiler.envoy.faults import faults_filter
from tests.compiler.envoy.test_filters import a_vantage
from tests.edge.luajit import MODULES, Lua

# What would start a program, open a file, load code, look into other functions, or reach memory.
TAKEN = (
    "os",
    "io",
    "debug",
    "load",
    "loadstring",
    "loadfile",
    "dofile",
    "package.loadlib",
    "package.loaders[1]",
    "package.searchpath",
)
LIBRARIES = ("os", "io", "debug", "ffi", "jit", "jit.util", "jit.profile")


# What each filter loads; the gate closes the sandbox itself, the source of the others does.
FILTERS = {
    "the gate": ("gate",),
    "faults": ("closed", "faults"),
    "answers": ("closed", "answers"),
}


@pytest.fixture(scope="module", params=FILTERS)
def closed(request: pytest.FixtureRequest) -> Lua:
    """A worker that has loaded one of the filters, and closed the sandbox."""
    lua = Lua()
    for name in FILTERS[request.param]:
        lua.module(name)
    if request.param != "the gate":
        lua.module("sandbox").close()
    return lua


@pytest.mark.parametrize("name", TAKEN)
def test_takes_away(closed: Lua, name: str) -> None:
    assert Lua().run(f"return {name}") is not None, "there is something to take"
    assert closed.run(f"return {name}") is None


@pytest.mark.parametrize("name", LIBRARIES)
def test_gives_no_library_back(closed: Lua, name: str) -> None:
    assert closed.run("return pcall(require, ...)", name)[0] is False


def test_loads_no_further_code(closed: Lua, tmp_path: Path) -> None:
    (tmp_path / "further.lua").write_text("return 7")
    load = "package.path = ... return pcall(require, 'further')"
    assert Lua().run(load, f"{tmp_path}/?.lua") == (True, 7), "there is something to load"
    assert closed.run(load, f"{tmp_path}/?.lua")[0] is False


def test_nothing_of_it_is_left_in_a_global_table(closed: Lua) -> None:
    found = closed.run(
        """
        local seen, found = {}, {}
        local function walk(value, path)
          if type(value) ~= 'table' or seen[value] then return end
          seen[value] = true
          for key, inner in pairs(value) do
            local name = path .. '.' .. tostring(key)
            if key == 'execute' or key == 'popen' or key == 'getinfo' or key == 'cdef'
              or key == 'metatype' or tostring(inner):find('^userdata') and key == 'C'
            then
              found[#found + 1] = name
            end
            walk(inner, name)
          end
        end
        walk(_G, '_G')
        return table.concat(found, ' ')
        """
    )
    assert found == ""


def test_every_module_of_the_edge_is_loaded_by_one_of_them_by_then() -> None:
    found = set()
    for names in FILTERS.values():
        lua = Lua()
        for name in names:
            lua.module(name)
        loaded = lua.run("local l = package.loaded return function(n) return l[n] ~= nil end")
        found |= {name for name in MODULES if loaded(f"forecourt.{name}")}
    assert found == set(MODULES)


@pytest.mark.parametrize("made", [answers_filter, faults_filter])
def test_the_filters_of_the_way_out_close_it_when_all_is_loaded(made: Any) -> None:
    text = str(made(a_vantage())["typed_config"]).replace("\\n", "\n")
    loads = re.findall(r"require\(\S*forecourt\.(\w+)\S*\)", text)
    assert made.__name__.removesuffix("_filter") in loads
    assert loads[-1] == "sandbox"
    assert re.search(r"sandbox\S*\)\.close\(\)\s+function", text)


def test_keeps_what_the_compiler_of_lua_looks_at_and_gives_it_to_nobody() -> None:
    """LuaJIT crashes at the next call of C that it compiles once the `ffi` module was collected."""
    lua = Lua()
    kept = lua.run("return setmetatable({require('ffi')}, {__mode = 'v'})")
    lua.module("gate")
    lua.run("for _ = 1, 4 do collectgarbage() end")
    assert kept[1] is not None
    assert lua.run("return pcall(require, 'ffi')")[0] is False
    holders = lua.run(
        """
        local module, seen, found = ..., {}, {}
        local function walk(value, path)
          if rawequal(value, module) then found[#found + 1] = path end
          if type(value) ~= 'table' or seen[value] then return end
          seen[value] = true
          for key, inner in pairs(value) do
            walk(key, path) walk(inner, path .. '.' .. tostring(key))
          end
          walk(getmetatable(value), path .. ' meta')
        end
        walk(_G, '_G')
        return table.concat(found, ' ')
        """,
        kept[1],
    )
    assert holders == ""
