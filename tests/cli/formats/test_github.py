"""Workflow commands."""

from __future__ import annotations

import re

import pytest

from forecourt.cli.formats.github import written
from forecourt.cli.formats.report import Report
from forecourt.diagnostics import Severity
from tests.cli.formats.builders import a_finding


def test_a_finding_stands_beside_its_line_in_the_checkout() -> None:
    report = Report(diagnostics=(a_finding(2, 3, help="do so"),), within="estate")
    assert written(report) == (
        "::error file=estate/a.yaml,line=2,col=3,title=FC013 unknown-key::"
        "`x` is wrong%0Ahelp: do so"
    )


@pytest.mark.parametrize(
    ("severity", "command"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.NOTE, "notice")],
)
def test_a_severity_has_its_command(severity: Severity, command: str) -> None:
    assert written(Report(diagnostics=(a_finding(severity=severity),))).startswith(f"::{command} ")


@pytest.mark.parametrize(
    "evil", ["a\n::set-env name=PATH::x", "a\r::stop-commands::x", "100% a,b:c", "%0A::error::x"]
)
def test_nothing_in_a_file_gives_a_command_of_its_own(evil: str) -> None:
    report = Report(diagnostics=(a_finding(message=evil, help=evil, path=evil),))
    lines = written(report).splitlines()
    assert len(lines) == 1
    found = re.fullmatch(r"::error file=([^,:]*),line=1,col=1,title=[^,:]*::(.*)", lines[0])
    assert found is not None
    assert "%0A::error::x" not in found[1] + found[2]
