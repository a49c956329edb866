"""Asks the services that are served whether they answer by themselves."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass

from forecourt.compiler.ir.edge import Edge
from forecourt.edge.exposure.upstreams import (
    Knock,
    Resolve,
    Upstreams,
    ask_upstreams,
    declared_upstreams,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What is known of the network from here: what names mean, what services say, and the addresses
    of this machine."""

    resolve: Resolve
    knock: Knock
    own: Callable[[], Collection[str]]


async def look_at_upstreams(
    served: Edge, network: Network, *, salt: str, most: int | None
) -> Upstreams:
    """Looks at so many at most; those that the mock stands in for are not called."""
    all_of = ((api.name, v.upstream) for api in served.apis for v in api.versions)
    declared = declared_upstreams(
        (u.host, u.port, u.tls, u.base_path, api) for api, u in all_of if not u.mock
    )
    stopped = threading.Event()
    try:
        return await asyncio.to_thread(
            ask_upstreams,
            declared,
            resolve=network.resolve,
            knock=network.knock,
            own=network.own(),
            salt=salt,
            most=most,
            is_stopped=stopped.is_set,
        )
    finally:
        stopped.set()
