"""The servers of a document: where it can be called."""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract.comparison.met import Between, Told
from forecourt.contract.comparison.side import Side
from forecourt.contract.values import Json, Pointer, child, encode


def servers(old: Side, new: Side) -> Iterator[Told]:
    """How those of the whole document differ, by address; variables are part of it."""
    before, after = _by_address(old.root), _by_address(new.root)
    around: Pointer = ("servers",)
    for address in sorted(before.keys() - after.keys()):
        message = f"`{address[0]}` is not named any more"
        at = Between(before[address], around)
        yield at.told("server-removed", "", message)
    for address in sorted(after.keys() - before.keys()):
        message = f"`{address[0]}` is named now"
        at = Between(around, after[address])
        yield at.told("server-added", "", message)


def _by_address(root: Json) -> dict[tuple[str, str], Pointer]:
    """What stands at a server's address; `/` where none is named (OpenAPI 3.1.1, section 4.8.1)."""
    listed = child(root, "servers")
    found: dict[tuple[str, str], Pointer] = {}
    for number, server in enumerate(listed if isinstance(listed, list) else ()):
        url = child(server, "url")
        if isinstance(url, str):
            variables = encode(_values(child(server, "variables"))).decode()
            key = (url.rstrip("/") or "/", variables)
            found.setdefault(key, ("servers", str(number)))
    return found or {("/", "{}"): ("servers",)}


def _values(variables: Json) -> Json:
    if not isinstance(variables, dict):
        return {}
    return {
        name: [child(variables[name], key) for key in ("default", "enum")]
        for name in sorted(variables)
    }
