"""How the edge's Lua is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecourt.edge.code import LUA_FOLDER
from tests.edge.luajit import Lua

MODULES = sorted(LUA_FOLDER.rglob("*.lua"))

WIDTH = 80

each_module = pytest.mark.parametrize("module", MODULES, ids=lambda m: m.stem)


def test_there_is_something_to_look_at() -> None:
    assert len(MODULES) > 10


@each_module
def test_lines_are_narrow_and_indented_by_two(module: Path) -> None:
    wrong = [
        f"{number}: {line}"
        for number, line in enumerate(module.read_text().splitlines(), 1)
        if len(line) > WIDTH
        or line != line.rstrip()
        or "\t" in line
        or (len(line) - len(line.lstrip(" "))) % 2
    ]
    assert wrong == []


@each_module
def test_a_module_is_a_table_that_it_returns(module: Path) -> None:
    text = module.read_text()
    assert text.startswith("--- "), "what it is, in one line"
    assert text.count("\nlocal _M = {}\n") == 1
    assert text.endswith("\nreturn _M\n")


@each_module
def test_every_public_function_says_what_it_does(module: Path) -> None:
    lines = module.read_text().splitlines()
    for number, line in enumerate(lines):
        if line.startswith("function _M."):
            above = number
            while above and lines[above - 1].startswith("--"):
                above -= 1
            assert lines[above].startswith("--- "), line


# The names of globals that a chunk, or any function in it, assigns: LuaJIT's own bytecode says it.
_ASSIGNED = """
local bit, util = require("bit"), require("jit.util")
local function walk(proto, visit)
  local pc = 0
  while true do
    local ins, kind = util.funcbc(proto, pc)
    if not ins then break end
    visit(proto, ins)
    pc = pc + 1
  end
  local n = -1
  while true do
    local constant = util.funck(proto, n)
    if constant == nil then break end
    if type(constant) == "proto" then walk(constant, visit) end
    n = n - 1
  end
end
local GSET
walk(loadstring("a_global = 1"), function(proto, ins)
  local d = bit.rshift(ins, 16)
  if util.funck(proto, -d - 1) == "a_global" then GSET = bit.band(ins, 0xff) end
end)
local found = {}
walk(assert(loadstring(...)), function(proto, ins)
  if bit.band(ins, 0xff) == GSET then
    found[#found + 1] = util.funck(proto, -bit.rshift(ins, 16) - 1)
  end
end)
return table.concat(found, " ")
"""


def assigned_globals(source: str) -> list[str]:
    found: str = Lua().run(_ASSIGNED, source)
    return found.split()


def test_finds_what_becomes_global() -> None:
    assert assigned_globals("local a = 1 return function() b = a; a = 2 end") == ["b"]
    assert assigned_globals("function c() end") == ["c"]


@each_module
def test_nothing_becomes_global(module: Path) -> None:
    taken_away = ["os", "io", "debug", "dofile", "loadfile", "load", "loadstring"]
    expected = taken_away if module.stem == "sandbox" else []
    assert sorted(assigned_globals(module.read_text())) == sorted(expected)
