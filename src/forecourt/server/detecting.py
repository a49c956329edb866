"""Reads what the edge logged for attacks, and does what the posture says about them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

import structlog
from prometheus_client import CollectorRegistry, Counter

from forecourt.actions.answer_findings import Abuse, answer_findings
from forecourt.actions.block import Blocks, Measure
from forecourt.actions.block_target import KnownCredentials
from forecourt.actions.entropy import Entropy
from forecourt.actions.known_of_old import PastCalls
from forecourt.defence import dormant_key
from forecourt.defence.detector import Finding
from forecourt.defence.detectors import DETECTORS
from forecourt.defence.watch import Watch
from forecourt.edge.logged_request import LoggedRequest

_LOG = structlog.get_logger()

# What could not be done while the database was away is done after; of more than so many, the last.
_MOST_DUE = 1_000
_MOST_KEYS = 50
_MOST_NAMED = 10


class Detecting:
    """What watches one edge's access log. It is told each line once."""

    def __init__(
        self,
        *,
        blocks: Blocks,
        keys: KnownCredentials,
        calls: PastCalls,
        abuse: Abuse,
        never: Callable[[], Awaitable[tuple[str, ...]]],
        clock: Callable[[], datetime],
        entropy: Entropy,
        registry: CollectorRegistry,
    ) -> None:
        """`abuse` and `never` as in `answer_findings`, by what is published."""
        self._blocks = blocks
        self._keys = keys
        self._calls = calls
        self._abuse = abuse
        self._never = never
        self._clock = clock
        self._entropy = entropy
        self._watch = Watch(DETECTORS)
        self._due: list[Finding] = []
        self._found = Counter(
            "forecourt_attacks",
            "What detectors found, by what was done about it",
            ["detector", "measure"],
            registry=registry,
        )
        for detector in (*DETECTORS, dormant_key.DETECTOR):  # an alert needs a zero to rise from
            for measure in Measure:
                if measure is not Measure.SPARE:
                    self._found.labels(detector.name, measure.value)

    async def last_uses(self, keys: Sequence[str]) -> Mapping[str, datetime]:
        """When these keys were used last, by what is stored; else when they were issued. No more
        than some are asked about: after a restart all are new. Raises `StoreUnavailable`."""
        found: dict[str, datetime] = {}
        for key in keys[:_MOST_KEYS]:
            if (held := await self._keys.key_by_id(key)) is not None:
                found[key] = held.last_used_at or held.created_at
        return found

    async def __call__(
        self, requests: Sequence[LoggedRequest], last_uses: Mapping[str, datetime]
    ) -> None:
        """Looks at these; `last_uses` says of keys among the callers when they were used before.
        Raises `StoreUnavailable`: the lines are looked at by then, and what was found is due."""
        now = self._clock()
        if requests:
            self._due += await asyncio.to_thread(self._watch.observe, requests, now)
            self._due += dormant_key.woken(requests, last_uses)
            self._due = self._due[-_MOST_DUE:]
        if not self._due:
            return
        done = await answer_findings(
            self._due,
            blocks=self._blocks,
            calls=self._calls,
            abuse=self._abuse,
            never=await self._never(),
            now=now,
            entropy=self._entropy,
        )
        self._due = []
        for finding, block in done:
            self._found.labels(finding.detector.name, block.measure.value).inc()
            _LOG.warning(
                "somebody attacks",
                detector=finding.detector.name,
                measure=block.measure.value,
                whom=block.target.id,
                callers=list(finding.consumers[:_MOST_NAMED]),
                audience=finding.audience.value,
                api=finding.api,
                counted=finding.counted,
                until=None if block.until is None else block.until.isoformat(timespec="seconds"),
                requests=list(finding.samples),
                block=block.id,
            )
