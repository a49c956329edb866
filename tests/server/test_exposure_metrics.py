"""The age of the last report is a metric."""

from __future__ import annotations

import math
from datetime import timedelta
from pathlib import Path

import pytest

from forecourt.actions.exposure_report import document
from forecourt.edge.exposure_reports import ExposureReports
from forecourt.server.exposure_metrics import ExposureMetrics
from tests.actions.builders import NOW
from tests.actions.test_exposure_report import a_report


def metrics(state: Path) -> dict[str, float]:
    later = NOW.replace(microsecond=0) + timedelta(hours=1)
    families = ExposureMetrics(state, lambda: later).collect()
    return {family.name: family.samples[0].value for family in families}


def test_says_how_old_the_last_report_is_and_what_it_found(tmp_path: Path) -> None:
    ExposureReports(tmp_path).keep(NOW, document(a_report("a", asked=("b",))), "")
    assert metrics(tmp_path) == {
        "forecourt_exposure_report_age_seconds": 3600.0,
        "forecourt_exposure_openings": 2.0,
        "forecourt_exposure_requests": 9.0,
    }


def test_a_report_for_which_nobody_asked_the_edge_is_told_from_one_that_found_nothing(
    tmp_path: Path,
) -> None:
    ExposureReports(tmp_path).keep(NOW, document(a_report(asked=None)), "")
    assert metrics(tmp_path)["forecourt_exposure_requests"] == 0.0


@pytest.mark.parametrize("content", [None, b"", b"[]", b'{"at": 1}'], ids=repr)
def test_without_a_report_it_is_as_old_as_can_be(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        ExposureReports(tmp_path).keep(NOW, content, "")
    found = metrics(tmp_path)
    assert found["forecourt_exposure_report_age_seconds"] == math.inf
    assert math.isnan(found["forecourt_exposure_openings"])
