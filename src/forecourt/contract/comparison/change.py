"""A change of a contract, as callers meet it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from forecourt.contract.comparison.kind import Kind
from forecourt.contract.comparison.verdict import Verdict, worst
from forecourt.contract.values import Pointer
from forecourt.estate.audience import Audience


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change, however many operations it concerns.

    `operations` are those, as `GET /things`: first the one in which it is nearest, the others
    sorted; none where it concerns the whole document. `where` is its place in the first of them:
    `answer 200: data[].id`; "" for the operation itself.
    `old` and `new` lead to where it is written in both documents; what was not there has the place
    around it. `message` says what was and what is. `verdicts` has the audiences that see it.
    """

    kind: Kind
    operations: tuple[str, ...]
    where: str
    old: Pointer
    new: Pointer
    message: str
    verdicts: Mapping[Audience, Verdict] = field(hash=False)

    @property
    def verdict(self) -> Verdict:
        """The worst of the verdicts."""
        return worst(self.verdicts.values())

    @property
    def is_breaking(self) -> bool:
        """Whether it is breaking for anybody."""
        return self.verdict is Verdict.BREAKING


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything that changed, by operation; of each, the most harmful first."""

    changes: tuple[Change, ...]

    @property
    def is_breaking(self) -> bool:
        """Whether any change is breaking for anybody."""
        return any(change.is_breaking for change in self.changes)

    def counts(self) -> dict[Verdict, int]:
        """How many changes there are of each verdict, the worst first."""
        found = dict.fromkeys(sorted(Verdict, reverse=True), 0)
        for change in self.changes:
            found[change.verdict] += 1
        return found
