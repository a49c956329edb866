"""What the edge's buckets count, as metrics."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from forecourt.edge.buckets import bucket_counts


class BucketMetrics(Collector):
    """Reads the file of buckets whenever somebody asks for metrics."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def collect(self) -> Iterable[CounterMetricFamily]:
        """Both counters, since the file was made."""
        counts = bucket_counts(self._path)
        yield CounterMetricFamily(
            "forecourt_rate_limited_requests",
            "Requests refused by their caller's limit.",
            value=counts.refused,
        )
        yield CounterMetricFamily(
            "forecourt_displaced_buckets",
            "Buckets forgotten before they were full, for others that needed their place.",
            value=counts.displaced,
        )
