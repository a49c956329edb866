"""Findings for programs."""

from __future__ import annotations

import json

from forecourt.cli.formats.json_document import written
from forecourt.cli.formats.report import Report
from forecourt.diagnostics import Severity
from tests.cli.formats.builders import a_finding


def test_is_versioned_and_counts() -> None:
    found = (a_finding(), a_finding(severity=Severity.WARNING))
    report = Report(diagnostics=found, files={"a.yaml": "", "b.yaml": ""})
    document = json.loads(written(report))
    assert document["version"] == 1
    assert document["summary"] == {"errors": 1, "warnings": 1, "notes": 0, "files": 2}
    assert document["diagnostics"][0] == {
        "path": "a.yaml",
        "line": 1,
        "column": 1,
        "severity": "error",
        "code": "FC013",
        "name": "unknown-key",
        "message": "`x` is wrong",
        "help": None,
    }
