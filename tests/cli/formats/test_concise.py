"""A line for each finding."""

from __future__ import annotations

from forecourt.cli.formats.concise import written
from forecourt.cli.formats.report import Report
from tests.cli.formats.builders import a_finding


def test_the_way_out_stands_below() -> None:
    report = Report(diagnostics=(a_finding(help="do so"), a_finding(2)))
    assert written(report).splitlines() == [
        "a.yaml:1:1: error[FC013 unknown-key] `x` is wrong",
        "  help: do so",
        "a.yaml:2:1: error[FC013 unknown-key] `x` is wrong",
    ]
