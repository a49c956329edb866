"""What one operation needs on one way, in or out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from forecourt.compiler.contracts.serialized import LuaTable
from forecourt.contract.values import Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A table for the edge, and the schemas that it names.

    `roots` are the places of schemas by the name under which `table` asks for them; a name begins
    with the operation's number and a dot.
    """

    table: LuaTable
    roots: Mapping[str, Pointer] = field(default_factory=dict)
