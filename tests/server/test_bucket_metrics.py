"""What the buckets count, as Prometheus reads it."""

from __future__ import annotations

from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest

from forecourt.edge.buckets import SETS, WAYS, prepare_buckets
from forecourt.server.bucket_metrics import BucketMetrics
from tests.edge.luajit import Lua


def told(path: Path) -> list[str]:
    registry = CollectorRegistry()
    registry.register(BucketMetrics(path))
    lines = generate_latest(registry).decode().splitlines()
    return [line for line in lines if not line.startswith("#")]


def test_counts_refusals_and_buckets_that_had_no_room(tmp_path: Path) -> None:
    path = tmp_path / "buckets"
    prepare_buckets(path)
    buckets = Lua().module("buckets")
    buckets.follow(str(path))
    for n in range(WAYS + 1):
        buckets.take(7 + n * SETS, 60.0, 60.0, 1_000.0)
    assert told(path) == [
        "forecourt_rate_limited_requests_total 1.0",  # the newcomer found no fuller one than empty
        "forecourt_displaced_buckets_total 1.0",
    ]
    buckets.take(7 + WAYS * SETS, 60.0, 60.0, 1_000.0)
    assert told(path)[0] == "forecourt_rate_limited_requests_total 2.0"


def test_counts_nothing_before_there_is_a_file(tmp_path: Path) -> None:
    assert told(tmp_path / "none") == [
        "forecourt_rate_limited_requests_total 0.0",
        "forecourt_displaced_buckets_total 0.0",
    ]
