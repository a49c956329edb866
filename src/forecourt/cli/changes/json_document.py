"""Changes for programs. What `VERSION` promises: keys may be added, none changes or goes."""

from __future__ import annotations

import json
from typing import Any

from forecourt.actions.compare_contracts import Compared, LocatedChange
from forecourt.contract.assembling import FILES
from forecourt.contract.values import Pointer
from forecourt.diagnostics import Span

VERSION = 1


def written(compared: Compared, changes: tuple[LocatedChange, ...]) -> str:
    """`{version, old, new, changes, consequences, not_compared, estate_mistakes, summary}`.

    Places of changes are in both documents.
    """
    document = {
        "version": VERSION,
        "old": compared.old.name,
        "new": compared.new.name,
        "changes": [_entry(located) for located in changes],
        "consequences": [
            {
                "audience": each.audience.value,
                "breaking": each.breaking,
                "demand": each.demand,
                "is_new_version": each.is_new_version,
                "who": None if each.who is None else list(each.who),
            }
            for each in compared.consequences
        ],
        "not_compared": [
            {
                "side": each.side,
                "operation": each.operation,
                "reason": each.reason,
                "path": each.span.path,
                "line": each.span.line,
                "column": each.span.column,
            }
            for each in compared.not_compared
        ],
        "estate_mistakes": compared.estate_mistakes,
        "summary": {v.value: n for v, n in compared.comparison.counts().items()},
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _entry(located: LocatedChange) -> dict[str, Any]:
    change = located.change
    return {
        "kind": change.kind.id,
        "direction": change.kind.way,
        "verdict": change.verdict.value,
        "verdicts": {a.value: v.value for a, v in sorted(change.verdicts.items())},
        "operations": list(change.operations),
        "where": change.where,
        "message": change.message,
        "because": change.kind.because,
        "help": change.kind.remedy,
        "old": _place(located.old, change.old),
        "new": _place(located.new, change.new),
    }


def _place(span: Span, at: Pointer) -> dict[str, str | int]:
    return {
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "pointer": _pointer(at),
    }


def _pointer(at: Pointer) -> str:
    """The JSON pointer in its own file (RFC 6901)."""
    steps = at[2:] if at[:1] == (FILES,) else at
    return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in steps)
