"""Which operation a path means, as a tree of its segments.

A node is a table; each key is there only where it says something:

`literals`   decoded segment -> node
`partial`    [{`parts`: the literals around the parameters, `node`}], the more specific before
`whole`      the node behind a segment that is one parameter
`methods`    method -> number of the operation; empty where a path is closed to its callers
`allow`      the methods as the `Allow` field says them (RFC 9110, section 10.2.1)
`hidden`     in `shut`: the methods, as keys, that are not there for its callers; `*`: all
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from forecourt.compiler.contracts.serialized import LuaTable, LuaValue
from forecourt.contract.matching import Segment, rank, segments


class Placed(Protocol):
    """An operation, of a contract or of a lens: what can be called, and where."""

    @property
    def method(self) -> str: ...
    @property
    def template(self) -> str: ...


def trie(operations: Iterable[Placed], closed: Iterable[str] = ()) -> LuaTable:
    """The tree of these operations, whose numbers are their places, from 1.

    Of two that mean the same requests the first counts, as it does for the mock. `closed` are
    templates of the contract that are not there for its callers: their paths lead nowhere, and not
    to what is less specific (`/users/admin` is no user).
    """
    root = _Node()
    for template in closed:
        node = root
        for segment in segments(template):
            node = node.behind.setdefault(segment, _Node())
        node.is_closed = True
    for number, operation in enumerate(operations, start=1):
        node = root
        for segment in segments(operation.template):
            node = node.behind.setdefault(segment, _Node())
        node.methods.setdefault(operation.method, number)
    return root.table()


def shut(operations: Iterable[Placed], hidden: Iterable[tuple[str, str]]) -> LuaTable | None:
    """The tree in which others may read a path; None where nothing is hidden.

    `hidden` are methods (`*`: all) and templates. Some servers tell no capitals from small letters
    (of ASCII; of others they are told apart here), or drop what follows a semicolon: to them
    `/users/Admin;x` is `/users/admin`, and it must not be reached as `/users/{id}`. Literals are
    folded (`folded`), and so must a path be.
    """
    hidden = tuple(hidden)
    if not hidden:
        return None
    root = _Node()
    for template in (*(o.template for o in operations), *(t for _, t in hidden)):
        _folded_node(root, template).is_closed = True
    for method, template in hidden:
        _folded_node(root, template).hidden[method] = True
    return root.table()


def folded(segment: str) -> str:
    """A decoded segment as the laxest of servers reads it; forecourt.operations says the same."""
    return _small(segment.partition(";")[0].rstrip(" ."))


def _small(text: str) -> str:
    """As Lua has it, which knows ASCII's capitals only."""
    return text.encode("utf-8", "surrogateescape").lower().decode("utf-8", "surrogateescape")


def _folded_node(root: _Node, template: str) -> _Node:
    node = root
    for segment in segments(template):
        node = node.behind.setdefault(tuple(map(_small, segment)), _Node())
    return node


def allowed(methods: Iterable[str]) -> str:
    """The methods of a path as the `Allow` field says them; who may GET may ask for the head."""
    named = set(methods)
    return ", ".join(sorted(named | {"HEAD"} if "GET" in named else named))


@dataclass(slots=True)
class _Node:
    behind: dict[Segment, _Node] = field(default_factory=dict)
    methods: dict[str, int] = field(default_factory=dict)
    hidden: dict[str, LuaValue] = field(default_factory=dict)
    is_closed: bool = False

    def table(self) -> LuaTable:
        literals: dict[str, LuaValue] = {}
        partial: list[LuaValue] = []
        table: dict[str, LuaValue] = {}
        for segment in sorted(self.behind, key=lambda s: (rank((s,)), s)):
            node = self.behind[segment].table()
            if len(segment) == 1:
                literals[segment[0]] = node
            elif segment == ("", ""):
                table["whole"] = node
            else:
                partial.append({"parts": segment, "node": node})
        if literals:
            table["literals"] = literals
        if partial:
            table["partial"] = partial
        if self.methods:
            table["methods"] = self.methods
            table["allow"] = allowed(self.methods)
        elif self.is_closed:
            table["methods"] = {}
        if self.hidden:
            table["hidden"] = self.hidden
        return table
