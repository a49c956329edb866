"""Paths of one version as paths of another: which parameter stands where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from forecourt.compiler.contracts.serialized import LuaTable, LuaValue
from forecourt.compiler.contracts.trie import trie
from forecourt.contract.lenses.program import OperationLens
from forecourt.contract.lenses.steps import Rename
from forecourt.contract.templates import path_alone, path_names

_PARAMETER = re.compile(r"\{([^{}/]+)\}")

# Any method: of a URL nobody says how it will be called.
ANY = "*"


def pieces(template: str) -> list[LuaValue]:
    """A template below its prefix: texts, percent-encoded, and `{"name": …}` for parameters."""
    path = path_alone(template).removeprefix("/")
    found: list[LuaValue] = []
    for number, piece in enumerate(_PARAMETER.split(path)):
        if number % 2:
            found.append({"name": piece})
        elif piece:
            found.append(quote(piece, safe=_AS_THEY_ARE))
    return found


# What a segment may hold as it is (RFC 3986, section 3.3), and what is encoded already.
_AS_THEY_ARE = "/-._~!$&'()*+,;=:@%"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """An operation as the tree of paths has it."""

    method: str
    template: str


def way_back(operations: Iterable[OperationLens]) -> LuaTable:
    """URLs of the newer version in the older one.

    `trie` leads from a path to the number of its way, which has `names`, the parameters of the
    newer template in their order, and `pieces` of the older one by those names. A parameter whose
    value is said otherwise keeps its URL from being said.
    """
    best: dict[str, OperationLens] = {}
    for lens in operations:
        if lens.becomes is None or not _is_said_alike(lens):
            continue
        newer = lens.becomes[1]
        if newer not in best or (best[newer].method != "GET" and lens.method == "GET"):
            best[newer] = lens
    ways: list[LuaValue] = []
    for newer, lens in sorted(best.items()):
        by_older = {older: name for name, older in _names(lens, newer).items()}
        older_pieces: list[LuaValue] = [
            {"name": by_older[str(piece["name"])]} if isinstance(piece, Mapping) else piece
            for piece in pieces(lens.template)
        ]
        ways.append({"names": path_names(newer), "pieces": older_pieces})
    return {"trie": trie(_Place(method=ANY, template=t) for t in sorted(best)), "ways": ways}


def _names(lens: OperationLens, newer: str) -> dict[str, str]:
    """The older name of each parameter of the newer path."""
    renamed = {
        step.to: step.name for step in lens.parameters.get("path", ()) if isinstance(step, Rename)
    }
    return {name: lens.path.get(name, renamed.get(name, name)) for name in path_names(newer)}


def _is_said_alike(lens: OperationLens) -> bool:
    if lens.becomes is None:
        return False
    steps = lens.parameters.get("path", ())
    return all(isinstance(step, Rename) for step in steps) and set(
        _names(lens, lens.becomes[1]).values()
    ) == set(path_names(lens.template))
