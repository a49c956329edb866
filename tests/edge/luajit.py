"""The edge's Lua, run by the LuaJIT that Envoy has, without Envoy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lupa import luajit21

from forecourt.edge.code import LUA_FOLDER

HERE = Path(__file__).parent / "lua"
MODULES = sorted(p.stem for p in (LUA_FOLDER / "forecourt").glob("*.lua"))


class Lua:
    """One state of one worker: what a module remembers is gone with it.

    Texts go in and come out as Latin-1, a character a byte.
    """

    def __init__(self) -> None:
        self._runtime = luajit21.LuaRuntime(encoding="latin-1", unpack_returned_tuples=True)
        self._runtime.execute(
            f'package.path = "{LUA_FOLDER}/?.lua;{HERE}/?.lua"; package.cpath = ""'
        )
        # The gate closes the sandbox, after which nothing is loaded any more.
        self._new_handle = self._runtime.eval("require")("fake_handle").new

    def module(self, name: str) -> Any:
        """`forecourt.NAME`, loaded."""
        return self._runtime.eval("require")(f"forecourt.{name}")

    def run(self, source: str, *arguments: Any) -> Any:
        """The value of a chunk of Lua; `...` are the arguments."""
        return self._runtime.eval(f"function(...) {source} end")(*arguments)

    def value(self, plain: Any) -> Any:
        """Mappings and lists as tables, to the bottom; None in them is absent."""
        match plain:
            case Mapping():
                return self._runtime.table_from(
                    {k: self.value(v) for k, v in plain.items() if v is not None}
                )
            case list() | tuple():
                return self._runtime.table_from([self.value(item) for item in plain])
            case _:
                return plain

    def plain(self, value: Any) -> Any:
        """A table as a dictionary, to the bottom."""
        if luajit21.lua_type(value) == "table":
            return {key: self.plain(inner) for key, inner in value.items()}
        return value

    def handle(self, **given: Any) -> Any:
        """A handle as Envoy gives one to a filter; `fake_handle.lua` says what it takes."""
        resolve = given.pop("resolve", None)
        table = self.value(given)
        if resolve is not None:
            table["resolve"] = lambda fields, body: tuple(
                self.value(part) for part in resolve(self.plain(fields), body)
            )
        return self._new_handle(table)
