"""The members of one place, lens by lens: what they are called, and what does not fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from forecourt.contract.lenses.around import Around, Declared
from forecourt.contract.lenses.kind import LensKind
from forecourt.contract.lenses.placing import Placed
from forecourt.diagnostics import Diagnostic
from forecourt.estate.changes import AnyLens, Rename
from forecourt.source.codes import CHANGE_OF_NOTHING, LENS_DOES_NOT_FIT, OVERLAPPING_CHANGES
from forecourt.source.quoting import shown
from forecourt.source.vocabulary.spelling import nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A lens that works at a place."""

    number: int
    lens: AnyLens
    kind: LensKind


@dataclass(slots=True, kw_only=True)
class Tracking:
    """Goes through the lenses of a place in the order of the file. `mistakes` grow.

    `place` is what the file calls it.
    """

    place: str
    older: Declared
    newer: Declared
    names: tuple[str, str]
    mistakes: list[Diagnostic] = field(default_factory=list)
    _now: dict[str, str] = field(default_factory=dict)  # by what it is called now: the older's name
    _gone: dict[str, AnyLens] = field(default_factory=dict)
    _new: set[str] = field(default_factory=set)
    _kept: dict[tuple[str, str], AnyLens] = field(default_factory=dict)

    def placed(self, works: Iterable[Work]) -> tuple[Placed, ...]:
        """The lenses with what the contracts say around them."""
        works = tuple(works)
        self._now = {name: name for name in self.older.names()}
        found: list[Placed] = []
        for index, work in enumerate(works):
            around = self._around(works[index:])
            self._follow(work)
            placed = Placed(number=work.number, lens=work.lens, kind=work.kind, around=around)
            found.append(placed)
            self.mistakes += (
                misfit.code.at(work.lens.places[misfit.key], misfit.message, help=misfit.help)
                for misfit in work.kind.misfits(work.lens, around)
            )
        self._end(works)
        return tuple(found)

    def _around(self, left: tuple[Work, ...]) -> Around:
        """The contracts, by the names that hold when the first of these lenses works."""
        later = {name: name for name in (*self._now, *self.newer.names())}
        for work in left:
            if isinstance(work.lens, Rename):
                for name, last in later.items():
                    if last == work.lens.name:
                        later[name] = work.lens.to
        return Around(
            older=replace(self.older, called=dict(self._now)),
            newer=replace(self.newer, called=later),
        )

    def _follow(self, work: Work) -> None:
        names, lens = work.kind.names(work.lens), work.lens
        for name, key in (*names.takes, *names.keeps):
            if self.older.is_known and name not in self._now and name not in self._new:
                self._miss(lens, name, key)
        for name, _ in names.keeps:
            first = self._kept.setdefault((work.kind.key, name), lens)
            if first is not lens:
                self._overlap(lens, work.kind.key, name, first)
        taken = [self._now.pop(name, None) for name, _ in names.takes]
        self._gone |= {name: lens for name, _ in names.takes}
        for name, key in names.gives:
            if name in self._now or name in self._new:
                message = f"{self._side(0)} has {shown(name)} already"
                way_out = "take that one away first, or choose another name"
                self._tell(OVERLAPPING_CHANGES.at(lens.places[key], message, help=way_out))
            if isinstance(lens, Rename) and taken and taken[0] is not None:
                self._now[name] = taken[0]
            else:
                self._new.add(name)

    def _miss(self, lens: AnyLens, name: str, key: str) -> None:
        if name in self._gone:
            self._overlap(lens, key, name, self._gone[name])
            return
        message = f"{self._side(0)} has no {shown(name)}"
        self._tell(
            CHANGE_OF_NOTHING.at(lens.places[key], message, help=self._near(name, self.older))
        )

    def _overlap(self, lens: AnyLens, key: str, name: str, first: AnyLens) -> None:
        line = first.places.origin.line
        message = f"the change of line {line} says something of {shown(name)} already"
        way_out = "remove one of the two, or call it as that change does"
        self._tell(OVERLAPPING_CHANGES.at(lens.places[key], message, help=way_out))

    def _end(self, works: Iterable[Work]) -> None:
        """Whether the newer contract has what comes of it, and has not what is gone."""
        if not self.newer.is_known:
            return
        there = self.newer.names()
        for work in works:
            names, lens = work.kind.names(work.lens), work.lens
            for name, key in names.gives:
                is_last = name in self._now or name in self._new
                if is_last and name not in there and name not in self._gone:
                    message = f"{self._side(1)} has no {shown(name)}"
                    way_out = self._near(name, self.newer)
                    self._tell(CHANGE_OF_NOTHING.at(lens.places[key], message, help=way_out))
            for name, key in names.takes:
                if name in there and name not in self._now and name not in self._new:
                    message = f"{self._side(1)} still has {shown(name)}"
                    way_out = "remove this change, or take the member out of the contract"
                    self._tell(LENS_DOES_NOT_FIT.at(lens.places[key], message, help=way_out))

    def _side(self, side: int) -> str:
        return f"{shown(self.place)} of version {shown(self.names[side])}"

    def _near(self, name: str, declared: Declared) -> str:
        known = sorted(declared.names())
        close = nearest(name, known)
        if close is not None:
            return f"did you mean `{close}`?"
        return f"it has {', '.join(known)}" if known else "name a schema that has members"

    def _tell(self, diagnostic: Diagnostic) -> None:
        self.mistakes.append(diagnostic)
