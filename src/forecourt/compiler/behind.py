"""What callers of an API newly reach by way of its upstream: the service of a narrower API."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from forecourt.compiler.ir.apis import Api, Upstream
from forecourt.compiler.lowering.apis import EXTERNAL
from forecourt.compiler.reach import Reach


def opened_behind(api: Api, before: Collection[Api], after: Collection[Api]) -> frozenset[Reach]:
    """The services that callers of this API reach and callers of its audience did not reach before.

    The audience of an API guards its door. Where two doors lead to the same paths of one service,
    the wider is what counts. `before` and `after` are all APIs as they are served and are wanted.
    """
    reached = [u for other in before if other.audience >= api.audience for u in _outside(other)]
    new = [u for u in _outside(api) if not any(_covers(known, u) for known in reached)]
    if not new:
        return frozenset()
    return frozenset(
        Reach(who=f"callers of {api.name}", listener=EXTERNAL, what=f"the service of {other.name}")
        for other in (*before, *after)
        if other.audience < api.audience and other.name != api.name
        if any(_overlap(u, v.upstream) for u in new for v in other.versions)
    )


def _outside(api: Api) -> Iterator[Upstream]:
    """Where callers on the external listener are led."""
    if EXTERNAL in api.listeners:
        yield from (v.upstream for v in api.versions if v.is_released)


def _covers(one: Upstream, other: Upstream) -> bool:
    is_same = (one.host, one.port, one.mock) == (other.host, other.port, other.mock)
    return is_same and other.base_path.startswith(one.base_path)


def _overlap(one: Upstream, other: Upstream) -> bool:
    return _covers(one, other) or _covers(other, one)
