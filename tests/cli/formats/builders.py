"""Findings to write."""

from __future__ import annotations

from forecourt.diagnostics import Diagnostic, Severity, Span


def a_finding(
    line: int = 1,
    column: int = 1,
    *,
    path: str = "a.yaml",
    severity: Severity = Severity.ERROR,
    message: str = "`x` is wrong",
    help: str | None = None,
) -> Diagnostic:
    """One mistake of a kind that exists."""
    return Diagnostic(
        code="FC013",
        name="unknown-key",
        severity=severity,
        message=message,
        span=Span(path, line, column),
        help=help,
    )
