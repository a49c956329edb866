"""Which lenses work in the values of which schemas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from forecourt.contract.lenses.around import Around
from forecourt.contract.lenses.kind import LensKind
from forecourt.contract.lenses.steps import Step
from forecourt.estate.changes import AnyLens


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A lens at one of the places that it names. `number` is where it stands in the file."""

    number: int
    lens: AnyLens
    kind: LensKind
    around: Around

    def up(self) -> tuple[Step, ...]:
        """Its steps from the older version to the newer."""
        return self.kind.up(self.lens, self.around)

    def down(self) -> tuple[Step, ...]:
        """Its steps from the newer version to the older."""
        return self.kind.down(self.lens, self.around)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """The lenses by the names of what they work in: schemas, and operations as `POST /orders`."""

    by_name: Mapping[str, tuple[Placed, ...]]

    def within(self, names: Iterable[str]) -> tuple[Placed, ...]:
        """Those that work in a value that has these names, each once, in the order of the file."""
        found = {p.number: p for name in names for p in self.by_name.get(name, ())}
        return tuple(found[number] for number in sorted(found))


def steps_up(placed: Iterable[Placed]) -> tuple[Step, ...]:
    """The steps of several, from the older version to the newer."""
    return tuple(step for each in placed for step in each.up())


def steps_down(placed: Iterable[Placed]) -> tuple[Step, ...]:
    """The steps of several, from the newer version to the older: the last lens comes first."""
    return tuple(step for each in reversed(tuple(placed)) for step in each.down())
