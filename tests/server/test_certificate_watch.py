"""It is said while there is time that a certificate ends."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from forecourt.server.certificate_watch import CertificateMetrics, CertificateWatch
from tests.edge.test_lasting import NOW, a_certificate


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A listener's certificate that lasts 20 days, and a partner's authority that lasts 400; what
    was made of a partner that is gone has ended."""
    (tmp_path / "current").mkdir()
    (tmp_path / "tls").mkdir()
    days = {"external": 20, "partner-bright": 400, "partner-gone": -5, "roots": -5}
    for name, left in days.items():
        (tmp_path / "tls" / f"{name}.pem").write_bytes(a_certificate(left))
        if name != "partner-gone":
            secret = json.dumps({"filename": f"tls/{name}.pem"}, separators=(",", ":"))
            (tmp_path / "current" / f"secret-{name}.json").write_text(secret)
    return tmp_path


def said(watch: CertificateWatch) -> list[tuple[str, str, int | None]]:
    with capture_logs() as logs:
        watch.look()
    return [(log["log_level"], log["file"], log.get("days")) for log in logs]


def test_each_step_is_said_once(state: Path) -> None:
    clock = Clock()
    watch = CertificateWatch(state, clock)
    everything = []
    for _ in range(21):
        everything += said(watch)
        assert said(watch) == []
        clock.now += timedelta(days=1)
    assert everything == [
        ("warning", "tls/external.pem", 30),
        ("warning", "tls/external.pem", 14),
        ("warning", "tls/external.pem", 7),
        ("warning", "tls/external.pem", 1),
        ("error", "tls/external.pem", None),
    ]


def test_of_the_next_one_it_is_said_anew(state: Path) -> None:
    watch = CertificateWatch(state, Clock())
    said(watch)
    (state / "tls" / "external.pem").write_bytes(a_certificate(300))
    assert said(watch) == []
    (state / "tls" / "external.pem").write_bytes(a_certificate(25))
    assert said(watch) == [("warning", "tls/external.pem", 30)]


def test_a_file_that_is_just_being_replaced_is_looked_at_the_next_time(state: Path) -> None:
    watch = CertificateWatch(state, Clock())
    whole = (state / "tls" / "external.pem").read_bytes()
    (state / "tls" / "external.pem").write_bytes(whole[:50])
    (state / "tls" / "partner-bright.pem").unlink()
    assert said(watch) == []
    (state / "tls" / "external.pem").write_bytes(whole)
    assert said(watch) == [("warning", "tls/external.pem", 30)]


def test_the_metric_tells_how_long_each_lasts(state: Path) -> None:
    (gauge,) = CertificateMetrics(state, Clock()).collect()
    assert {sample.labels["file"]: sample.value for sample in gauge.samples} == {
        "tls/external.pem": 20 * 86_400.0,
        "tls/partner-bright.pem": 400 * 86_400.0,
    }
