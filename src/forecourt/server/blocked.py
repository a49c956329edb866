"""What is done about whom for a while: in memory, and in the file of addresses for the edge."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from math import ceil
from pathlib import Path

from forecourt.actions.block import (
    Block,
    Blocked,
    KnownBlocks,
    Measure,
    TargetKind,
    blocked_by,
    spares,
)
from forecourt.actions.clocks import SET_BACK
from forecourt.actions.networks import network_digits
from forecourt.edge.replacing import replace_file

# Each worker reads all of them again when one comes: so many take it some ten milliseconds.
MOST_ADDRESSES = 5_000


class StandingBlocks:
    """The blocks that this process knows of. They are read with the news of them: those of
    credentials before an edge asks after hearing it, those of addresses into the file that its
    workers look at as often as at the news."""

    def __init__(
        self,
        blocks: KnownBlocks,
        path: Path,
        *,
        clock: Callable[[], datetime],
        never: Callable[[], Awaitable[tuple[str, ...]]],
    ) -> None:
        """`never` gives the networks that are declared as never blocked."""
        self._blocks = blocks
        self._path = path
        self._clock = clock
        self._never = never
        self._blocked = blocked_by(())
        self._written: str | None = None

    def __call__(self) -> Blocked:
        """Those that are about credentials."""
        return self._blocked

    async def refresh(self) -> None:
        """Reads them again. Raises `StoreUnavailable`, and `OSError`."""
        now = self._clock()
        # Also what ended a while ago: each is judged by its end, and a clock may be set back.
        standing = await self._blocks.standing(now - SET_BACK)
        never = await self._never()
        lines = await asyncio.to_thread(address_lines, standing, never, now)
        if lines != self._written:
            text = f"blocks {now.timestamp():.6f} {lines.count(chr(10))}\n{lines}"
            await asyncio.to_thread(replace_file, self._path, text.encode())
            self._written = lines
        self._blocked = blocked_by(standing)


def address_lines(blocks: Iterable[Block], never: tuple[str, ...], now: datetime) -> str:
    """The networks that are refused, a line each, as `edge/lua/forecourt/blocks.lua` reads them:
    the network, and the second in which its block ends, or `-`.

    One that holds a declared address is left out whole: whoever shares it with what must always
    get through is not told apart. Of more than `MOST_ADDRESSES` those in force stand before those
    that ended, then those made by hand, and the latest of the others.
    """
    its = [
        block
        for block in blocks
        if block.target.kind is TargetKind.ADDRESS
        and block.measure is Measure.BLOCK
        and not (never and spares(never, block.target))
    ]
    by_weight = sorted(
        its, key=lambda b: (b.stands(now), b.evidence is None, b.record.at), reverse=True
    )
    lines = {
        f"{network_digits(block.target.id)} {_second(block.until)}\n"
        for block in by_weight[:MOST_ADDRESSES]
    }
    return "".join(sorted(lines))


def _second(until: datetime | None) -> str:
    return "-" if until is None else str(ceil(until.timestamp()))
