"""Turns callers away while the machine is full: measures, decides, and says so to the edge."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import structlog
from prometheus_client import CollectorRegistry, Gauge

from forecourt.edge.busyness import busyness, worker_seconds
from forecourt.edge.shared_level import SharedLevel
from forecourt.edge.shedding import Shedding, next_shedding

_LOG = structlog.get_logger()

SECONDS_BETWEEN_LOOKS = 0.25
# Longer than we ever pause; where we are gone nobody is turned away any more.
_SECONDS_OF_A_LEVEL = 2.0


class SheddingWatch:
    """The shedding of one edge."""

    def __init__(
        self,
        buckets: Path,
        envoy: Callable[[], int | None],
        registry: CollectorRegistry,
        *,
        measured: Callable[[int], dict[int, float]] = worker_seconds,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`envoy` is the process that serves now; `measured` are the seconds of its workers."""
        self._shared = SharedLevel(buckets)
        self._envoy = envoy
        self._measured = measured
        self._clock = clock
        self._now = Shedding()
        self._before: tuple[float, dict[int, float], tuple[float, ...]] | None = None
        self._level = Gauge(
            "forecourt_shedding_level",
            "Who is turned away: 100 for each class of callers, the public first.",
            registry=registry,
        )
        self._busy = Gauge(
            "forecourt_worker_busyness",
            "The share of time in which Envoy's workers had something to do.",
            registry=registry,
        )

    @property
    def level(self) -> float:
        """The level that was said last."""
        return self._now.level

    def step(self) -> None:
        """Looks once. Raises `OSError` where the edge cannot be told."""
        pid, at = self._envoy(), self._clock()
        seen = {} if pid is None else self._measured(pid)
        asked = self._shared.asked()
        before, self._before = self._before, (at, seen, asked)
        if before is None or at <= before[0]:
            return
        then, seen_then, asked_then = before
        was = self._now
        self._now = next_shedding(
            was,
            busy=busyness(seen_then, seen, at - then),
            asked=[
                (now - earlier) / (at - then) / max(len(seen), 1)
                for now, earlier in zip(asked, asked_then, strict=True)
            ],
            seconds=at - then,
        )
        self._tell(was.level, at)

    def _tell(self, before: float, at: float) -> None:
        level = self._now.level
        self._level.set(level)
        self._busy.set(self._now.busy)
        if level or before:
            self._shared.say(level, till=at + _SECONDS_OF_A_LEVEL)
        if level and not before:
            _LOG.warning("the machine is full: callers are turned away, the public first")
        elif before and not level:
            _LOG.info("nobody is turned away any more")

    async def keep(self) -> None:
        """Looks for ever. While that fails nobody is turned away."""
        is_failing = False
        while True:
            try:
                self.step()
            except OSError as error:
                if not is_failing:
                    _LOG.error("callers cannot be turned away", because=str(error))
                is_failing = True
            else:
                is_failing = False
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
