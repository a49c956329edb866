"""Steps on parameters as the edge reads them, and what they are called in the older version."""

from __future__ import annotations

from forecourt.compiler.contracts.serialized import LuaTable, LuaValue
from forecourt.compiler.lenses.steps import step
from forecourt.contract.lenses.program import Move, OperationLens
from forecourt.contract.lenses.steps import Rename


def parameters(lens: OperationLens) -> LuaTable:
    """`parameters`: steps by where they stand; nothing where there are none."""
    steps: dict[str, LuaValue] = {
        where: [step(one) for one in given] for where, given in lens.parameters.items() if given
    }
    return {"parameters": steps} if steps else {}


def back(lens: OperationLens) -> LuaTable:
    """What a parameter, or a member of the body, of the newer version was in the older one.

    `parameters_back` by the newer name, `members_back` by the member: each says `in` and `name`.
    """
    names: dict[str, LuaValue] = {}
    for name, older in lens.path.items():
        if name != older:
            names[name] = {"in": "path", "name": older}
    for where, steps in lens.parameters.items():
        for one in steps:
            if isinstance(one, Rename):
                names[one.to] = {"in": where, "name": one.name}
    members: dict[str, LuaValue] = {}
    for move in (*lens.moves, *lens.arrives):
        _moved_back(move, names, members)
    table: dict[str, LuaValue] = {}
    if names:
        table["parameters_back"] = names
    if members:
        table["members_back"] = members
    return table


def _moved_back(move: Move, names: dict[str, LuaValue], members: dict[str, LuaValue]) -> None:
    if move.target == "body":
        members[move.to] = {"in": move.source, "name": move.name}
    else:
        names[move.to] = {"in": move.source, "name": move.name}
