"""Parts of an operation that its callers do not see, and that would pass among undeclared ones."""

from __future__ import annotations

from forecourt.compiler.contracts.serialized import LuaTable, LuaValue
from forecourt.contract.model import Operation, ParameterIn

_LOCATIONS: tuple[ParameterIn, ...] = ("query", "header", "cookie")


def hidden_parts(whole: Operation, shown: Operation) -> LuaTable:
    """What is in the contract's operation and not in the one that its callers are shown.

    `hidden`: by location, the names of parameters, as keys; `hidden_fields`: the header fields of
    answers. Both in small letters where case does not count; what is empty is absent.
    """
    table: dict[str, LuaValue] = {}
    kept = {(p.location, p.name) for p in shown.parameters}
    lost = [p for p in whole.parameters if (p.location, p.name) not in kept]
    hidden: dict[str, LuaValue] = {}
    for location in _LOCATIONS:
        names = [p.name.lower() if location == "header" else p.name for p in lost]
        if own := [n for p, n in zip(lost, names, strict=True) if p.location == location]:
            hidden[location] = dict.fromkeys(own, True)
    if hidden:
        table["hidden"] = hidden
    if fields := sorted(_fields(whole) - _fields(shown)):
        table["hidden_fields"] = fields
    return table


def _fields(operation: Operation) -> frozenset[str]:
    return frozenset(h.name.lower() for r in operation.responses for h in r.headers)
