"""What a publication takes from callers: for the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from forecourt.actions.parts import API, GATEWAY, Parts, edge_of
from forecourt.compiler.ir.edge import Edge
from forecourt.compiler.reach import reach_of_edge
from forecourt.estate.audience import Audience


def closings(
    before: Parts,
    narrowed: Mapping[str, Audience],
    edge: Edge,
    changed: Iterable[str],
    today: date,
) -> tuple[str, ...]:
    """What callers could reach in `before`, under those narrowings, and cannot in `edge`, in words.

    Where nothing but APIs changed only those are compared: an estate may have thousands.
    """
    parts = frozenset(changed)
    if not parts or GATEWAY not in before:
        return ()
    earlier = edge_of(before, narrowed)
    if all(part.startswith(API) for part in parts):
        names = {part.removeprefix(API) for part in parts}
        earlier, edge = _only(earlier, names), _only(edge, names)
    return tuple(map(str, sorted(reach_of_edge(earlier, today) - reach_of_edge(edge, today))))


def _only(edge: Edge, names: set[str]) -> Edge:
    return replace(edge, apis=tuple(api for api in edge.apis if api.name in names))
