"""Each finding with the line it is about, for people at a terminal."""

from __future__ import annotations

from rich.cells import cell_len

from forecourt.cli.formats.heading import COLOURS, heading, styled
from forecourt.cli.formats.report import Lines, Report, printable
from forecourt.diagnostics import Diagnostic

_WIDTH = 100


def written(report: Report) -> str:
    """The findings, an empty line between them."""
    lines = Lines(report.files)
    return "\n\n".join(_finding(d, lines, report.has_colour) for d in report.diagnostics)


def _finding(diagnostic: Diagnostic, lines: Lines, has_colour: bool) -> str:
    framed = [heading(diagnostic, has_colour=has_colour)]
    source = lines.at(diagnostic.span)
    if source is not None:
        shown, indent = _window(source, diagnostic.span.column)
        number = str(diagnostic.span.line)
        bar = styled(f"{' ' * len(number)} |", has_colour, dim=True)
        framed += [
            bar,
            f"{styled(f'{number} |', has_colour, dim=True)} {shown}".rstrip(),
            f"{bar} {indent}{styled('^', has_colour, fg=COLOURS[diagnostic.severity])}",
        ]
    if diagnostic.help is not None:
        framed.append(f"{styled('help:', has_colour, bold=True)} {printable(diagnostic.help)}")
    return "\n".join(framed)


def _window(line: str, column: int) -> tuple[str, str]:
    """The part of a line around a column, and the blanks that lead to it."""
    start = max(0, column - 1 - _WIDTH // 2) if len(line) > _WIDTH else 0
    shown = printable(line[start : start + _WIDTH])
    before = printable(line[start : column - 1])
    head = "…" if start else ""
    tail = "…" if start + _WIDTH < len(line) else ""
    return f"{head}{shown}{tail}", " " * (cell_len(before) + len(head))
