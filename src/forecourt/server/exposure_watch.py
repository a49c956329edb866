"""Looks for openings after every publication, and daily."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from forecourt.actions.check_estate import Examined
from forecourt.actions.exposure_report import ExposureReport

SECONDS_IN_A_DAY = 24 * 60 * 60.0
# Envoy takes a snapshot within milliseconds; saves come in bursts.
SECONDS_TO_SETTLE = 2.0
# `open`, `narrow` and `rollback` publish from processes of their own.
SECONDS_BETWEEN_GLANCES = 1.0


@dataclass(slots=True)
class Publications:
    """Notices that something was published, by whichever process; several while one is looked at
    are one. `examined` are the files as they were read last; `served` says what Envoy is given."""

    examined: Examined
    served: Callable[[], str | None]
    _come: asyncio.Event = field(default_factory=asyncio.Event)
    _seen: str | None = None

    def tell(self, examined: Examined) -> None:
        """Something was published here; these are the files as they were."""
        self.examined = examined
        self._come.set()

    def look(self) -> Examined:
        """The files by which to judge what is served now."""
        self._come.clear()
        self._seen = self.served()
        return self.examined

    async def next(self, seconds: float, glances: float) -> None:
        """Returns when something was published since it was looked at, or so many seconds passed;
        `glances` are the seconds after which it is looked again whether something was."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self._come.is_set() and self.served() == self._seen:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._come.wait(), glances)


async def keep_looking(
    publications: Publications,
    look: Callable[[Examined], Awaitable[ExposureReport]],
    *,
    told: Callable[[ExposureReport], None],
    failed: Callable[[Exception], None],
    seconds: float = SECONDS_IN_A_DAY,
    settling: float = SECONDS_TO_SETTLE,
    glances: float = SECONDS_BETWEEN_GLANCES,
) -> None:
    """Looks at once, then after each publication and whenever so many seconds passed, for ever.

    No publication waits for it; it waits for `settling` seconds, in which Envoy takes what was
    published. `told` hears of each report, `failed` of what failed.
    """
    while True:
        await asyncio.sleep(settling)
        try:
            told(await look(publications.look()))
        except Exception as error:  # the edge serves on, and the age of the last report tells
            failed(error)
        await publications.next(seconds, glances)
