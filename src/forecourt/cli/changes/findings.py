"""Changes as findings, for formats that services show beside the code."""

from __future__ import annotations

from forecourt.actions.compare_contracts import Compared, LocatedChange
from forecourt.cli.changes.wording import others, sentence, verdicts
from forecourt.contract.comparison import Verdict
from forecourt.diagnostics import Diagnostic, Severity

_SEVERITIES = {
    Verdict.BREAKING: Severity.ERROR,
    Verdict.RISKY: Severity.WARNING,
    Verdict.SAFE: Severity.NOTE,
}


def findings(compared: Compared, changes: tuple[LocatedChange, ...]) -> tuple[Diagnostic, ...]:
    """One for each change, where it is written in the new contract; its kind is the code."""
    return tuple(_finding(compared, located) for located in changes)


def _finding(compared: Compared, located: LocatedChange) -> Diagnostic:
    change = located.change
    subject = change.operations[0] if change.operations else "the whole document"
    parts = (
        f"{subject}: {sentence(change)}",
        others(change),
        verdicts(change, compared.audiences),
    )
    # Not in the message, by which services know a finding again when lines have moved.
    was = f"it was at {located.old}"
    return Diagnostic(
        code=change.kind.id,
        name=change.verdict.value,
        severity=_SEVERITIES[change.verdict],
        message="; ".join(part for part in parts if part),
        span=located.new,
        help=was if change.verdict is Verdict.SAFE else f"{change.kind.remedy}; {was}",
    )
