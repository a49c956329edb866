"""A schema compiled, and bodies judged and filtered by the edge's Lua."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from forecourt.compiler.bundle.compile import compile_bundle
from forecourt.compiler.bundle.formats import FORMATS
from forecourt.compiler.bundle.projection import View
from forecourt.compiler.bundle.writing import Bundle
from forecourt.contract.one_sided import Direction
from forecourt.contract.openapi_3_0 import Dialect
from forecourt.contract.values import Json
from forecourt.estate.audience import Audience
from tests.edge.luajit import Lua

LIMITS = {"bytes": 1 << 23, "depth": 128, "keys": 100_000}
ASKED = View(audience=Audience.PUBLIC, direction=Direction.REQUEST)
ANSWERED = View(audience=Audience.PUBLIC, direction=Direction.RESPONSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtered:
    """What leaves, and where something was removed or is not what the contract says.

    `body` None: nothing may leave, and `reason` says why.
    """

    body: str | None
    removed: tuple[str, ...] = ()
    mismatched: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a value, as the edge says it."""

    pointer: str
    rule: str
    expected: str | None = None


def compiled(
    schema: Any,
    *,
    view: View = ASKED,
    dialect: Dialect = Dialect.JSON_SCHEMA_2020_12,
    formats: frozenset[str] = frozenset(FORMATS),
) -> Bundle:
    """The bundle of one schema, which is the document too; its root is `root`."""
    return compile_bundle(exact(schema), {"root": ()}, view=view, dialect=dialect, formats=formats)


def exact(value: Any) -> Json:
    """A value as contracts are read: Python's floats, as they are printed, are decimals."""
    match value:
        case float():
            return Decimal(repr(value))
        case dict():
            return {key: exact(inner) for key, inner in value.items()}
        case list():
            return [exact(inner) for inner in value]
        case _:
            plain: Json = value
            return plain


def spelled(value: Json) -> str:
    """Its JSON, decimals as they are."""
    match value:
        case Decimal():
            return str(value)
        case dict():
            members = (f"{json.dumps(k)}:{spelled(v)}" for k, v in value.items())
            return "{" + ",".join(members) + "}"
        case list():
            return "[" + ",".join(map(spelled, value)) + "]"
        case _:
            return json.dumps(value)


class Engine:
    """One worker's reader, judge and filter."""

    def __init__(self) -> None:
        self.lua = Lua()
        self._limits = self.lua.value(LIMITS)
        self._read = self.lua.module("json.reader").read
        self._load = self.lua.module("contract.bundle").load
        self._judge = self.lua.module("contract.judge").judge
        self._faults = self.lua.module("contract.faults")
        self._filter = self.lua.module("contract.filter").filter
        self._leaks = self.lua.module("contract.leaks")

    def load(self, bundle: Bundle) -> Any:
        """The bundle as Lua has it."""
        loaded = self._load(bundle.content.decode("latin-1"))
        assert not isinstance(loaded, tuple), loaded
        return loaded

    def read(self, body: str | bytes) -> int:
        """How many entries the tape has."""
        raw = body.encode() if isinstance(body, str) else body
        found = self._read(raw.decode("latin-1"), self._limits)
        assert not isinstance(found, tuple), found
        return found

    def judge(self, loaded: Any, body: str | bytes, name: str = "root") -> bool | None:
        """Whether a body keeps a root."""
        count = self.read(body)
        verdict: bool | None = self._judge(loaded, loaded["roots"][name]["schema"], count)
        return verdict

    def filter(self, loaded: Any, body: str, name: str = "root") -> Filtered:
        """What of a body leaves by a root."""
        count, size = self.read(body), len(body.encode())
        found = self._filter(loaded, loaded["roots"][name]["schema"], count, size)
        changed, result = found if isinstance(found, tuple) else (found, None)
        if changed is None:
            return Filtered(body=None, reason=result)
        return Filtered(
            body=_text(result) if changed else body,
            removed=tuple(map(_text, self._leaks.removed().values())),
            mismatched=tuple(map(_text, self._leaks.mismatched().values())),
        )

    def faults(self, loaded: Any) -> list[Fault]:
        """What was wrong with the last one."""
        return [
            Fault(
                pointer=_text(f["pointer"]),
                rule=f["rule"],
                expected=None if f["expected"] is None else _text(f["expected"]),
            )
            for f in self._faults.list(loaded).values()
        ]


def _text(raw: str) -> str:
    return raw.encode("latin-1").decode()
