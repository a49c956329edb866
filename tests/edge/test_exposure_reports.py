"""Reports of exposure in the state folder."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from forecourt.edge.exposure_reports import ExposureReports

NOW = datetime(2030, 5, 1, 9, 12, 40, tzinfo=UTC)


def test_a_report_is_named_by_its_moment_with_its_signature_beside_it(tmp_path: Path) -> None:
    path = ExposureReports(tmp_path).keep(NOW, b"{}", "a..b\n")
    assert path == tmp_path / "reports" / "exposure" / "2030-05-01T091240Z.json"
    assert path.read_bytes() == b"{}"
    assert path.with_name(f"{path.name}.jws").read_text() == "a..b\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_newest_is_that_of_the_latest_moment(tmp_path: Path) -> None:
    reports = ExposureReports(tmp_path)
    assert reports.newest() is None
    latest = reports.keep(NOW + timedelta(days=1), b"2", "")
    reports.keep(NOW, b"1", "")
    assert reports.newest() == latest


def test_keeps_so_many_and_no_more(tmp_path: Path) -> None:
    reports = ExposureReports(tmp_path)
    for minutes in range(203):
        reports.keep(NOW + timedelta(minutes=minutes), b"{}", "")
    kept = sorted((tmp_path / "reports" / "exposure").iterdir())
    assert len(kept) == 400
    assert kept[0].name.startswith("2030-05-01T091540Z")
