"""One thing that is wrong with the user's files: what, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from forecourt.diagnostics.span import Span


class Severity(Enum):
    """How much a diagnostic matters: an error keeps its part of the estate from being published."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """A located message for the person who has to act.

    `code` (`FC…`) and `name` (`unknown-key`) both identify the rule. `message` says what is wrong
    in lower case with backticks around what the user typed; `help` is the way out, an imperative.
    """

    code: str
    name: str
    severity: Severity
    message: str
    span: Span
    help: str | None = None

    def __str__(self) -> str:
        return f"{self.span}: {self.severity.value}[{self.code} {self.name}] {self.message}"


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them is an error."""
    return any(d.severity is Severity.ERROR for d in diagnostics)


def in_reading_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Without repeats, by file and position."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda d: (d.span, d.code, d.message)))
