"""The first line of a finding: place, severity, rule, message."""

from __future__ import annotations

import typer

from forecourt.cli.formats.report import printable
from forecourt.diagnostics import Diagnostic, Severity

COLOURS = {
    Severity.ERROR: typer.colors.RED,
    Severity.WARNING: typer.colors.YELLOW,
    Severity.NOTE: typer.colors.CYAN,
}


def heading(diagnostic: Diagnostic, *, has_colour: bool = False) -> str:
    """`PATH:LINE:COLUMN: error[CODE NAME] message`."""
    kind = f"{diagnostic.severity.value}[{diagnostic.code} {diagnostic.name}]"
    painted = styled(kind, has_colour, fg=COLOURS[diagnostic.severity], bold=True)
    return f"{printable(str(diagnostic.span))}: {painted} {printable(diagnostic.message)}"


def styled(text: str, has_colour: bool, **style: str | bool) -> str:
    """The text, painted where colours are wanted."""
    return typer.style(text, **style) if has_colour else text  # type: ignore[arg-type]
