"""How old the last report of exposure is, how much it found open, and how much it asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from forecourt.edge.exposure_reports import ExposureReports


class ExposureMetrics(Collector):
    """Reads the newest report whenever somebody asks for metrics."""

    def __init__(self, state: Path, clock: Callable[[], datetime]) -> None:
        self._reports = ExposureReports(state)
        self._clock = clock

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """The gauges. Without a report that can be read the age is without end, and nobody knows
        how much is open."""
        at, openings, requests = self._newest()
        age = float("inf") if at is None else (self._clock() - at).total_seconds()
        yield GaugeMetricFamily(
            "forecourt_exposure_report_age_seconds",
            "How long ago somebody last looked for openings.",
            value=age,
        )
        yield GaugeMetricFamily(
            "forecourt_exposure_openings",
            "What the last report found open outside.",
            value=openings,
        )
        yield GaugeMetricFamily(
            "forecourt_exposure_requests",
            "Requests to the edge that the last report judged; 0 where nobody asked it.",
            value=requests,
        )

    def _newest(self) -> tuple[datetime | None, float, float]:
        path = self._reports.newest()
        if path is None:
            return None, float("nan"), 0.0
        try:
            report = json.loads(path.read_bytes())
            requests = float((report["probe"] or {"requests": 0})["requests"])
            return datetime.fromisoformat(report["at"]), float(report["openings"]), requests
        except (OSError, ValueError, KeyError, TypeError):
            return None, float("nan"), 0.0
