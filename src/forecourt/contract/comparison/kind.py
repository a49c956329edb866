"""A kind of change: what it is called, what it does to callers, and how to make it safe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from forecourt.contract.comparison.verdict import Verdict
from forecourt.contract.one_sided import Direction
from forecourt.estate.posture import Posture


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceptional:
    """Where callers of some postures are treated otherwise: when, how, and the rule in words."""

    holds: Callable[[Posture], bool]
    verdict: Verdict
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One row of the catalogue. `id` never changes its meaning.

    `direction` is what it matters for: requests or responses; None for the whole exchange.
    `summary` completes "a change of this kind: …". `because` is why it gets its verdict, `remedy`
    how to make it safe. `reverse` is the kind that the way back is of.
    """

    id: str
    direction: Direction | None
    summary: str
    verdict: Verdict
    because: str
    remedy: str
    reverse: str
    exceptional: Exceptional | None = None

    def verdict_under(self, posture: Posture) -> Verdict:
        """What it does to callers for whom a posture holds."""
        if self.exceptional is not None and self.exceptional.holds(posture):
            return self.exceptional.verdict
        return self.verdict

    @property
    def way(self) -> str:
        """`request`, `response` or `both`."""
        return "both" if self.direction is None else self.direction.name.lower()


# A verdict, and why.
Judged: TypeAlias = tuple[Verdict, str]


def judged_kind(
    direction: Direction, id: str, summary: str, judged: Judged, remedy: str, reverse: str
) -> Kind:
    """A kind that is the same for callers of every posture: a row of a table."""
    verdict, because = judged
    return Kind(
        id=id,
        direction=direction,
        summary=summary,
        verdict=verdict,
        because=because,
        remedy=remedy,
        reverse=reverse,
    )
