"""What the audit log says of a publication: what moved, what that opened, and what it closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forecourt.actions.audit import AuditedAct, Deed, Fact, Facts
from forecourt.actions.record import Record
from forecourt.actions.revision import Effect, Revision, RevisionKind

# So many lines of each list; of the rest their number. The digests of parts say it all.
MOST_LINES = 200

_DEEDS = {
    RevisionKind.FIRST: Deed.REVISION_PUBLISH,
    RevisionKind.SAVE: Deed.REVISION_PUBLISH,
    RevisionKind.OPEN: Deed.REVISION_OPEN,
    RevisionKind.NARROW: Deed.REVISION_NARROW,
    RevisionKind.ROLLBACK: Deed.REVISION_ROLLBACK,
}


def revision_published(
    revision: Revision,
    previous: Revision | None,
    *,
    parts_before: Mapping[str, str | None],
    parts_after: Mapping[str, str | None],
    effect: Effect,
) -> AuditedAct:
    """Parts are given by the digest of their text, those that moved alone; None: there was none."""
    record = Record(at=revision.at, who=revision.who, because=revision.because)
    return AuditedAct(
        deed=_DEEDS[revision.kind],
        subject=f"revision/{revision.number}",
        record=record,
        before={**_served(previous), "parts": dict(sorted(parts_before.items()))},
        after={
            **_served(revision),
            "parts": dict(sorted(parts_after.items())),
            **_lines("opened", effect.opened),
            **_lines("closed", effect.closed),
        },
    )


def _served(revision: Revision | None) -> Facts:
    if revision is None:
        return {"revision": None, "snapshot": None}
    return {"revision": revision.number, "snapshot": revision.snapshot}


def _lines(name: str, lines: Sequence[str]) -> dict[str, Fact]:
    shown: dict[str, Fact] = {name: sorted(lines)[:MOST_LINES]}
    if len(lines) > MOST_LINES:
        shown[f"{name}_in_all"] = len(lines)
    return shown
