"""What becomes of bodies, as the edge reads it. Nodes are numbered from 1, and 0 is none."""

from __future__ import annotations

from forecourt.compiler.contracts.serialized import LuaTable, LuaValue
from forecourt.compiler.lenses.steps import step
from forecourt.contract.lenses.program import Node, Program


def program(given: Program) -> LuaTable:
    """`root`, and `nodes`: each key of one is there only where it says something."""
    return {"root": given.root + 1, "nodes": [_node(node) for node in given.nodes]}


def _node(node: Node) -> LuaTable:
    table: dict[str, LuaValue] = {}
    if node.members:
        table["members"] = {name: number + 1 for name, number in node.members.items()}
    if node.others is not None:
        table["others"] = node.others + 1
    if node.leading:
        table["leading"] = [0 if n is None else n + 1 for n in node.leading]
    if node.items is not None:
        table["items"] = node.items + 1
    if node.by is not None:
        name, nodes = node.by
        table["by"] = {"name": name, "nodes": {value: n + 1 for value, n in nodes.items()}}
    if node.steps:
        table["steps"] = [step(one) for one in node.steps]
    return table
