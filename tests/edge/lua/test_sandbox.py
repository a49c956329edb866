"""What no code of the edge can reach once the gate is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

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


@pytest.fixture(scope="module")
def closed() -> Lua:
    """A worker that has loaded the gate, which closes the sandbox."""
    lua = Lua()
    lua.module("gate")
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
            if key == 'execute' or key == 'popen' or key == 'getinfo' or key == 'cdef' then
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


def test_every_module_of_the_edge_is_loaded_by_then(closed: Lua) -> None:
    loaded = closed.run("local l = package.loaded return function(n) return l[n] ~= nil end")
    assert [name for name in MODULES if not loaded(f"forecourt.{name}")] == []
