"""What every format is given: the findings, and the texts they are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from posixpath import normpath

from forecourt.diagnostics import Diagnostic, Severity, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Findings in reading order.

    `files` are the texts by path from the estate's root, to frame and to count. `within` is the
    way from the checkout's root to the estate's, "" where they are the same: services that show
    findings beside the code know files by their path from there. `is_strict`: warnings fail, too.
    """

    diagnostics: tuple[Diagnostic, ...]
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    within: str = ""
    is_strict: bool = False
    has_colour: bool = False

    def path_in_checkout(self, path: str) -> str:
        """A path from the estate's root, from the checkout's root."""
        return normpath(f"{self.within}/{path}") if self.within else path

    def fails(self, diagnostic: Diagnostic) -> bool:
        """Whether this finding alone makes the command fail."""
        return diagnostic.severity is Severity.ERROR or (
            self.is_strict and diagnostic.severity is Severity.WARNING
        )


class Lines:
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


def counted(diagnostics: Iterable[Diagnostic]) -> dict[Severity, int]:
    """How many there are of each severity."""
    counts = dict.fromkeys(Severity, 0)
    for diagnostic in diagnostics:
        counts[diagnostic.severity] += 1
    return counts


def printable(text: str) -> str:
    """The text without what could move a cursor, or change a colour, of a terminal."""
    return "".join(
        c if c.isprintable() else " " if c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text
    )
