"""What is chosen where there is a choice: the first, or what a seed says."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Choices that are the same each time. Without a seed it is always the first.

    `turn` moves every choice on, for the second and third of a kind.
    """

    seed: str | None = None
    turn: int = 0

    def among(self, count: int, *place: object) -> int:
        """Which of so many, counted from 0; `place` says for what."""
        if count <= 1:
            return 0
        return (self._chance(place) + self.turn) % count

    def number(self, *place: object) -> int:
        """How far from the plainest: 0 without a seed and a turn."""
        return self._chance(place) % 1000 + self.turn

    def turned(self, by: int) -> Choices:
        return Choices(seed=self.seed, turn=self.turn + by) if by else self

    def _chance(self, place: tuple[object, ...]) -> int:
        if self.seed is None:
            return 0
        said = repr((self.seed, *place)).encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(said, digest_size=6).digest(), "big")
