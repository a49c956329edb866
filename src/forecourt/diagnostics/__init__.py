"""What is wrong, where, and what to do about it."""

from forecourt.diagnostics.diagnostic import Diagnostic, Severity, has_errors, in_reading_order
from forecourt.diagnostics.span import Places, Span

__all__ = ["Diagnostic", "Places", "Severity", "Span", "has_errors", "in_reading_order"]
