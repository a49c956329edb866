"""Changes for programs. What `VERSION` promises: keys may be added, none changes or goes."""

from __future__ import annotations

import json
from typing import Any

from forecourt.actions.compare_contracts import Compared, LocatedChange
from forecourt.diagnostics import Span

VERSION = 1


def written(compared: Compared, changes: tuple[LocatedChange, ...]) -> str:
    """`{version, old, new, changes, consequences, summary}`; places are in both documents."""
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
        "old": _place(located.old),
        "new": _place(located.new),
    }


def _place(span: Span) -> dict[str, str | int]:
    return {"path": span.path, "line": span.line, "column": span.column}
