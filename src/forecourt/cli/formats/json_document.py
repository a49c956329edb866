"""Findings for programs. What `VERSION` promises: keys may be added, none changes or goes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from forecourt.cli.formats.report import Report, counted
from forecourt.diagnostics import Diagnostic

VERSION = 1


def written(report: Report) -> str:
    """`{version, diagnostics, summary}`; paths are from the estate's root."""
    counts = {f"{severity.value}s": n for severity, n in counted(report.diagnostics).items()}
    document = {
        "version": VERSION,
        "diagnostics": list(_entries(report.diagnostics)),
        "summary": {**counts, "files": len(report.files)},
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _entries(diagnostics: Iterable[Diagnostic]) -> Iterator[dict[str, str | int | None]]:
    for diagnostic in diagnostics:
        yield {
            "path": diagnostic.span.path,
            "line": diagnostic.span.line,
            "column": diagnostic.span.column,
            "severity": diagnostic.severity.value,
            "code": diagnostic.code,
            "name": diagnostic.name,
            "message": diagnostic.message,
            "help": diagnostic.help,
        }
