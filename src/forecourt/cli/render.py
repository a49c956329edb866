"""Findings as text, in the form that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from types import MappingProxyType

from forecourt.cli.formats import concise, framed, github, json_document, junit, sarif
from forecourt.cli.formats.report import Report, counted, printable
from forecourt.diagnostics import Diagnostic

__all__ = ["FORMATS", "Format", "Report", "closing_count", "printable", "rendered", "written"]


class Format(Enum):
    """How diagnostics are written."""

    FRAMED = "framed"
    CONCISE = "concise"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"

    @property
    def is_document(self) -> bool:
        """Whether it is one document for programs, which says everything by itself."""
        return self in {Format.JSON, Format.SARIF, Format.JUNIT}


FORMATS: Mapping[Format, Callable[[Report], str]] = MappingProxyType(
    {
        Format.FRAMED: framed.written,
        Format.CONCISE: concise.written,
        Format.JSON: json_document.written,
        Format.GITHUB: github.written,
        Format.SARIF: sarif.written,
        Format.JUNIT: junit.written,
    }
)


def written(report: Report, form: Format) -> str:
    """The report in that form, ready to print."""
    return FORMATS[form](report)


def rendered(
    diagnostics: Iterable[Diagnostic],
    form: Format,
    files: Mapping[str, str | bytes],
    *,
    colour: bool = False,
) -> str:
    """All of them, ready to print; `files` are the texts to frame and to count."""
    report = Report(diagnostics=tuple(diagnostics), files=files, has_colour=colour)
    return written(report, form)


def closing_count(diagnostics: Iterable[Diagnostic], files: int) -> str:
    """`2 errors, 1 warning in 14 files`."""
    counts = counted(diagnostics)
    found = ", ".join(_plural(n, severity.value) for severity, n in counts.items() if n)
    return f"{found or 'nothing wrong'} in {_plural(files, 'file')}"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
