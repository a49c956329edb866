"""Looks for openings after every publication, and daily."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from forecourt.actions.check_estate import Examined
from forecourt.actions.exposure_report import ExposureReport

SECONDS_IN_A_DAY = 24 * 60 * 60.0
# Envoy takes a snapshot within milliseconds; saves come in bursts.
SECONDS_TO_SETTLE = 2.0


@dataclass(slots=True)
class Publications:
    """Says that something was published; several while one is looked at are one."""

    examined: Examined
    _come: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, examined: Examined) -> None:
        """Something was published; these are the files as they were."""
        self.examined = examined
        self._come.set()

    async def next(self, seconds: float) -> None:
        """Returns when something was published, or so many seconds have passed."""
        try:
            async with asyncio.timeout(seconds):
                await self._come.wait()
        except TimeoutError:
            return
        self._come.clear()


async def keep_looking(
    publications: Publications,
    look: Callable[[Examined], Awaitable[ExposureReport]],
    *,
    told: Callable[[ExposureReport], None],
    failed: Callable[[Exception], None],
    seconds: float = SECONDS_IN_A_DAY,
    settling: float = SECONDS_TO_SETTLE,
) -> None:
    """Looks at once, then after each publication and whenever so many seconds passed, for ever.

    No publication waits for it; it waits for `settling` seconds, in which Envoy takes what was
    published. `told` hears of each report, `failed` of what failed.
    """
    while True:
        await asyncio.sleep(settling)
        try:
            told(await look(publications.examined))
        except Exception as error:  # the edge serves on, and the age of the last report tells
            failed(error)
        await publications.next(seconds)
