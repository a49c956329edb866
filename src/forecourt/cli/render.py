"""Diagnostics as text: framed for people, a line each for tools that grep, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum

import typer
from rich.cells import cell_len

from forecourt.diagnostics import Diagnostic, Severity, Span

JSON_VERSION = 1

_WIDTH = 100
_COLOURS = {
    Severity.ERROR: typer.colors.RED,
    Severity.WARNING: typer.colors.YELLOW,
    Severity.NOTE: typer.colors.CYAN,
}


class Format(Enum):
    """How diagnostics are written."""

    FRAMED = "framed"
    CONCISE = "concise"
    JSON = "json"


def rendered(
    diagnostics: Iterable[Diagnostic],
    form: Format,
    files: Mapping[str, str | bytes],
    *,
    colour: bool = False,
) -> str:
    """All of them, ready to print; `files` are the texts to frame and to count."""
    match form:
        case Format.CONCISE:
            return "\n".join(_concise(d, colour) for d in diagnostics)
        case Format.FRAMED:
            lines = _Lines(files)
            return "\n\n".join(_framed(d, lines, colour) for d in diagnostics)
        case Format.JSON:
            return _json(tuple(diagnostics), len(files))


def closing_count(diagnostics: Iterable[Diagnostic], files: int) -> str:
    """`2 errors, 1 warning in 14 files`."""
    counts = _counts(diagnostics)
    found = ", ".join(_plural(n, severity.value) for severity, n in counts.items() if n)
    return f"{found or 'nothing wrong'} in {_plural(files, 'file')}"


def printable(text: str) -> str:
    """The text without what could move a cursor, or change a colour, of a terminal."""
    return "".join(
        c if c.isprintable() else " " if c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def _concise(diagnostic: Diagnostic, colour: bool) -> str:
    lines = [_header(diagnostic, colour)]
    if diagnostic.help is not None:
        lines.append(f"  help: {printable(diagnostic.help)}")
    return "\n".join(lines)


def _framed(diagnostic: Diagnostic, lines: _Lines, colour: bool) -> str:
    framed = [_header(diagnostic, colour)]
    source = lines.at(diagnostic.span)
    if source is not None:
        shown, indent = _window(source, diagnostic.span.column)
        number = str(diagnostic.span.line)
        bar = _styled(f"{' ' * len(number)} |", colour, dim=True)
        framed += [
            bar,
            f"{_styled(f'{number} |', colour, dim=True)} {shown}".rstrip(),
            f"{bar} {indent}{_styled('^', colour, fg=_COLOURS[diagnostic.severity])}",
        ]
    if diagnostic.help is not None:
        framed.append(f"{_styled('help:', colour, bold=True)} {printable(diagnostic.help)}")
    return "\n".join(framed)


def _header(diagnostic: Diagnostic, colour: bool) -> str:
    kind = f"{diagnostic.severity.value}[{diagnostic.code} {diagnostic.name}]"
    painted = _styled(kind, colour, fg=_COLOURS[diagnostic.severity], bold=True)
    return f"{printable(str(diagnostic.span))}: {painted} {printable(diagnostic.message)}"


def _styled(text: str, colour: bool, **style: str | bool) -> str:
    return typer.style(text, **style) if colour else text  # type: ignore[arg-type]


def _window(line: str, column: int) -> tuple[str, str]:
    """The part of a line around a column, and the blanks that lead to it."""
    start = max(0, column - 1 - _WIDTH // 2) if len(line) > _WIDTH else 0
    shown = printable(line[start : start + _WIDTH])
    before = printable(line[start : column - 1])
    head = "…" if start else ""
    tail = "…" if start + _WIDTH < len(line) else ""
    return f"{head}{shown}{tail}", " " * (cell_len(before) + len(head))


class _Lines:
    """The lines of the files, split once each."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self._files = files
        self._split: dict[str, list[str]] = {}

    def at(self, span: Span) -> str | None:
        """The line a span points at; None where the file is not at hand."""
        content = self._files.get(span.path)
        if content is None:
            return None
        if span.path not in self._split:
            text = content if isinstance(content, str) else content.decode(errors="replace")
            self._split[span.path] = text.split("\n")
        lines = self._split[span.path]
        return lines[span.line - 1].removesuffix("\r") if span.line <= len(lines) else None


def _json(diagnostics: tuple[Diagnostic, ...], files: int) -> str:
    counts = {f"{severity.value}s": n for severity, n in _counts(diagnostics).items()}
    document = {
        "version": JSON_VERSION,
        "diagnostics": list(_entries(diagnostics)),
        "summary": {**counts, "files": files},
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


def _counts(diagnostics: Iterable[Diagnostic]) -> dict[Severity, int]:
    counts = dict.fromkeys(Severity, 0)
    for diagnostic in diagnostics:
        counts[diagnostic.severity] += 1
    return counts


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
