"""Changes between versions as callers of one audience see them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from forecourt.actions.derive_changes import DerivedChanges
from forecourt.actions.migration_guide import Step, Told
from forecourt.contract import Contract
from forecourt.contract.lenses.deriving import derived
from forecourt.contract.lenses.program import Hop
from forecourt.contract.lenses.wording import sentence
from forecourt.contract.projection import projected
from forecourt.estate.audience import Audience
from forecourt.estate.changes import Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenChanges:
    """Changes as an audience sees them. What speaks of what it does not see is left out."""

    changes: Changes
    older: Contract
    newer: Contract
    hop: Hop
    is_mistaken: bool

    def step(self) -> Step:
        """What changed, in words."""
        return Step(
            older=self.changes.follows,
            newer=self.changes.version,
            summary=self.changes.summary,
            told=tuple(
                Told(sentence=sentence(lens), because=lens.because) for lens in self.changes.changes
            ),
        )


def as_seen(each: DerivedChanges, caller: Audience) -> SeenChanges:
    """The changes with the contracts that callers of an audience see."""
    older, newer = projected(each.older.contract, caller), projected(each.newer.contract, caller)
    changes = each.changes
    while (mistakes := derived(changes, older, newer).mistakes) and changes.changes:
        # A lens that speaks of what is hidden has mistakes that it has not for who sees all.
        lines = {mistake.span.line for mistake in mistakes}
        first = min(lines)
        left = [lens for lens in changes.changes if lens.places.origin.line <= first]
        if not left:
            break
        hidden = max(left, key=lambda lens: lens.places.origin)
        changes = replace(
            changes, changes=tuple(lens for lens in changes.changes if lens is not hidden)
        )
    return SeenChanges(
        changes=changes,
        older=older,
        newer=newer,
        hop=derived(changes, older, newer).hop,
        is_mistaken=bool(each.derived.mistakes),
    )
