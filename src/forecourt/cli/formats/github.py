"""Workflow commands of GitHub Actions, which become annotations beside the code.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from forecourt.cli.formats.report import Report, printable
from forecourt.diagnostics import Diagnostic, Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}

# As `@actions/core` escapes: a line break would end the command, `:` and `,` a property.
_IN_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def written(report: Report) -> str:
    """A command for each finding; files are named from the checkout's root."""
    return "\n".join(_command(d, report) for d in report.diagnostics)


def _command(diagnostic: Diagnostic, report: Report) -> str:
    span = diagnostic.span
    properties = {
        "file": printable(report.path_in_checkout(span.path)),
        "line": str(span.line),
        "col": str(span.column),
        "title": f"{diagnostic.code} {diagnostic.name}",
    }
    listed = ",".join(f"{k}={v.translate(_IN_PROPERTY)}" for k, v in properties.items())
    return f"::{_COMMANDS[diagnostic.severity]} {listed}::{_message(diagnostic)}"


def _message(diagnostic: Diagnostic) -> str:
    lines = [printable(diagnostic.message)]
    if diagnostic.help is not None:
        lines.append(f"help: {printable(diagnostic.help)}")
    return "\n".join(lines).translate(_IN_MESSAGE)
