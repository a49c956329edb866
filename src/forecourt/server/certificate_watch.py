"""Says while there is time that a certificate ends."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from forecourt.compiler.envoy import files
from forecourt.edge.lasting import Lasting, lasting
from forecourt.edge.pem import UnusablePem

_LOG = structlog.get_logger()

SECONDS_BETWEEN_LOOKS = 60 * 60.0
# The machine's list of public authorities is not ours: whoever keeps the machine keeps it.
_NAMED = re.compile(rb'"filename":"(tls/[^"]+\.pem)"')


def lasting_certificates(state: Path) -> Iterator[tuple[str, Lasting]]:
    """What Envoy is told to show and to check against, by its path in the state folder."""
    named: set[str] = set()
    for secret in state.glob("current/" + files.secret("*")):
        with suppress(OSError):
            named.update(path.decode() for path in _NAMED.findall(secret.read_bytes()))
    for path in sorted(named - {files.ROOTS}):
        # Replaced or removed at this moment, Envoy goes on with what it has read.
        with suppress(OSError, UnusablePem):
            yield path, lasting((state / path).read_bytes())


class CertificateMetrics(Collector):
    """Reads the certificates whenever somebody asks for metrics."""

    def __init__(self, state: Path, clock: Callable[[], datetime]) -> None:
        self._state = state
        self._clock = clock

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Negative where one has ended."""
        gauge = GaugeMetricFamily(
            "forecourt_certificate_seconds_left",
            "How long a certificate or an authority that the edge uses still lasts.",
            labels=["file"],
        )
        now = self._clock()
        for name, lasts in lasting_certificates(self._state):
            gauge.add_metric([name], (lasts.until - now).total_seconds())
        yield gauge


class CertificateWatch:
    """Says each step of each certificate once."""

    def __init__(self, state: Path, clock: Callable[[], datetime]) -> None:
        self._state = state
        self._clock = clock
        self._said: dict[str, tuple[Lasting, int]] = {}

    def look(self) -> None:
        """Logs a warning for what has come to its next step; an error where one has ended."""
        now = self._clock()
        for name, lasts in lasting_certificates(self._state):
            step = lasts.step(now)
            if step is None or self._said.get(name) == (lasts, step):
                continue
            self._said[name] = lasts, step
            ends = lasts.until.isoformat(timespec="seconds")
            if step:
                _LOG.warning("a certificate ends soon", file=name, ends=ends, days=step)
            else:
                _LOG.error("a certificate has ended", file=name, ended=ends)

    async def keep(self, *, seconds: float = SECONDS_BETWEEN_LOOKS) -> None:
        """Looks for ever."""
        while True:
            self.look()
            await asyncio.sleep(seconds)
