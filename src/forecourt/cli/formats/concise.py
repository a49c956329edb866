"""A line for each finding, for people in a pipe and tools that grep."""

from __future__ import annotations

from forecourt.cli.formats.heading import heading
from forecourt.cli.formats.report import Report, printable
from forecourt.diagnostics import Diagnostic


def written(report: Report) -> str:
    """`PATH:LINE:COLUMN: error[CODE NAME] message`, the way out indented below."""
    return "\n".join(_finding(d, report.has_colour) for d in report.diagnostics)


def _finding(diagnostic: Diagnostic, has_colour: bool) -> str:
    lines = [heading(diagnostic, has_colour=has_colour)]
    if diagnostic.help is not None:
        lines.append(f"  help: {printable(diagnostic.help)}")
    return "\n".join(lines)
