"""The operations of a compiled contract, found as the edge finds them (`operations.lua`).

It is no second truth: a test asks both about the same paths, and they must say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from forecourt.compiler.contracts.serialized import deserialize
from forecourt.compiler.contracts.trie import folded
from forecourt.contract.matching import segment_fits


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Scopes that are enough together. `is_users`: one of them is given to people only."""

    scopes: tuple[str, ...]
    is_users: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledOperation:
    """An operation as the edge knows it: `GET /payments/{id}`, and the scopes that it demands.

    `takes_body`: the contract says something of its body. `per_minute` is what each caller may ask
    for it (None: its contract limits nobody).
    """

    name: str
    scopes: tuple[Alternative, ...]
    takes_body: bool = False
    per_minute: int | None = None

    def lacking(self, held: tuple[str, ...] | None) -> Alternative | None:
        """The first alternative, where a caller holds none whole.

        `held` None: every scope that needs no user.
        """
        if not self.scopes or any(_holds(held, one) for one in self.scopes):
            return None
        return self.scopes[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchOperation:
    """Nothing is on that path; or, where `allow` names methods, not with that one."""

    allow: str | None = None


def find_operation(way_in: bytes, method: str, path: str) -> CompiledOperation | NoSuchOperation:
    """The operation of a request. `path` is what follows the version's prefix, without a query.

    Raises `ValueError` for what is no compiled contract.
    """
    contract: Any = deserialize(way_in)
    arrived = tuple(map(unquote, path.split("/")))
    if _is_shut(contract, method, arrived):
        return NoSuchOperation()
    number = find_in_trie(contract["trie"], method, path)
    if isinstance(number, NoSuchOperation):
        return number
    return _operation(contract["operations"][number - 1])


def find_in_trie(trie: Any, method: str, path: str) -> int | NoSuchOperation:
    """The number of the operation that a request means."""
    node = _walk(trie, tuple(map(unquote, path.split("/"))))
    if node is None or "allow" not in node:  # the path is closed to these callers
        return NoSuchOperation()
    number = node["methods"].get(method) or (method == "HEAD" and node["methods"].get("GET"))
    return int(number) if number else NoSuchOperation(allow=node["allow"])


def _operation(written: Mapping[str, Any]) -> CompiledOperation:
    return CompiledOperation(
        name=written["name"],
        scopes=tuple(
            Alternative(scopes=one["all"], is_users=one.get("is_users", False))
            for one in written["scopes"]
        ),
        takes_body="body" in written,
        per_minute=written.get("limit", {}).get("q"),
    )


def _walk(node: Any, segments: tuple[str, ...]) -> Any:
    """The node of a path; from left to right a literal goes before what is less specific."""
    if not node:
        return None
    if not segments:
        return node if "methods" in node else None
    first, rest = segments[0], segments[1:]
    found = _walk(node.get("literals", {}).get(first), rest)
    for partial in node.get("partial", ()):
        if found is None and segment_fits(partial["parts"], first):
            found = _walk(partial["node"], rest)
    if found is None and first:
        found = _walk(node.get("whole"), rest)
    return found


def _is_shut(contract: Any, method: str, arrived: tuple[str, ...]) -> bool:
    """Whether others may read a path, one that takes a parameter, as one that is hidden."""
    if "shut" not in contract or _is_literal(contract["trie"], arrived):
        return False
    *before, last = map(folded, arrived)
    for end in dict.fromkeys((last, last.partition(".")[0])):
        node = _walk(contract["shut"], (*before, end)) or {}
        hidden = node.get("hidden", {})
        if method in hidden or "*" in hidden or (method == "HEAD" and "GET" in hidden):
            return True
    return False


def _is_literal(node: Any, segments: tuple[str, ...]) -> bool:
    for segment in segments:
        node = node.get("literals", {}).get(segment)
        if not node:
            return False
    return "methods" in node


def _holds(held: tuple[str, ...] | None, one: Alternative) -> bool:
    return not one.is_users if held is None else set(one.scopes) <= set(held)
