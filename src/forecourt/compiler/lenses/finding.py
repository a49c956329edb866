"""What lenses make of an operation, found as the edge finds it (`raising.lua`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forecourt.compiler.contracts.operations import (
    CompiledOperation,
    NoSuchOperation,
    find_in_trie,
)
from forecourt.compiler.contracts.serialized import deserialize


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """An operation that the newer version does not do any more, and why, where that was said."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledAs:
    """What the service is called with: `GET`, `items/{id}` below its base."""

    method: str
    path: str


def find_raised(
    lenses: bytes, found: CompiledOperation | None, method: str, path: str
) -> CalledAs | Gone | NoSuchOperation:
    """As what a request is sent on. `found` is what the contract has for it, if it has.

    `path` is what follows the version's prefix, without a query. Raises `ValueError` for what are
    no lenses.
    """
    table: Any = deserialize(lenses)
    name = None if found is None else found.name
    operation = next((o for o in table["operations"] if o["name"] == name), None)
    if operation is None:
        number = find_in_trie(table["trie"], method, path)
        if isinstance(number, NoSuchOperation):
            return number
        operation = table["operations"][number - 1]
    if "gone" in operation:
        return Gone(because=operation["gone"])
    pieces = (p if isinstance(p, str) else f"{{{p['name']}}}" for p in operation["pieces"])
    return CalledAs(method=operation["method"], path="".join(pieces))
