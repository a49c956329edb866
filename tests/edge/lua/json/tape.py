"""JSON read by the edge's reader, and its tape as Python values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.edge.luajit import Lua

NULL, BOOLEAN, FRACTION, INTEGER, STRING, ARRAY, OBJECT = (1 << n for n in range(7))

_ENTRY = """
local memory, entry = ...
return memory.kind[entry], memory.next[entry], memory.size[entry],
  memory.text(memory.at[entry], memory.till[entry]),
  memory.text(memory.from[entry], memory.to[entry])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why a body is no JSON to the edge."""

    reason: str


class Reader:
    """A reader in a Lua state of its own, and what it read last."""

    def __init__(self, lua: Lua | None = None) -> None:
        self.lua = lua or Lua()
        self._read = self.lua.module("json.reader").read
        self._memory = self.lua.module("json.memory")
        self._entry = self.lua.run(f"return function(...) {_ENTRY} end")

    def read(
        self, body: bytes, *, depth: int = 64, keys: int = 10_000, size: int = 1 << 23
    ) -> int | Refused:
        """How many entries the tape has now, or why it has none."""
        limits = self.lua.value({"bytes": size, "depth": depth, "keys": keys})
        found = self._read(body.decode("latin-1"), limits)
        return Refused(reason=found[1]) if isinstance(found, tuple) else found

    def value(self, body: bytes, **limits: int) -> Any:
        """What a body says: pairs for an object, so that order and repeats show."""
        count = self.read(body, **limits)
        if isinstance(count, Refused):
            return count
        value, after = self._value(0)
        assert after == count
        return value

    def _value(self, entry: int) -> tuple[Any, int]:
        kind, after, size, written, meant = self._entry(self._memory, entry)
        inner = entry + 1
        match kind:
            case _ if kind == NULL:
                return None, after
            case _ if kind == BOOLEAN:
                return written == "true", after
            case _ if kind in {FRACTION, INTEGER}:
                number = Decimal(written)
                return (int(number) if kind == INTEGER else number), after
            case _ if kind == STRING:
                return meant.encode("latin-1").decode(), after
            case _ if kind == ARRAY:
                items = []
                while inner < after:
                    item, inner = self._value(inner)
                    items.append(item)
                assert len(items) == size
                return items, after
        members = {}
        while inner < after:
            key, inner = self._value(inner)
            members[key], inner = self._value(inner)
        assert len(members) == size
        return members, after
