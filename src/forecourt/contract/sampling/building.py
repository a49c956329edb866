"""A value put together from schemas that must all hold."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace

from forecourt.contract.sampling.arrays import array
from forecourt.contract.sampling.conjunction import Conjunction, Node, is_of
from forecourt.contract.sampling.expansion import expansions, resolved
from forecourt.contract.sampling.making import NoValue, Spot, place_in
from forecourt.contract.sampling.numbers import numbers
from forecourt.contract.sampling.objects import object_
from forecourt.contract.sampling.texts import plain_text, text
from forecourt.contract.validity import Judge, Path
from forecourt.contract.values import Json, Pointer, child

# A schema may contain itself, and a wide one may fan out at each level. Beyond these, only what is
# required is shown.
MOST_LEVELS = 6
MOST_VALUES = 1_000

# What is required may go deeper, so far.
DEEPEST = 60


class OutOfSteps(Exception):
    """Putting the value together took more steps than anybody wants to wait for."""


@dataclass(slots=True)
class Builder:
    """Builds a value of the schemas in `definitions`, optimistically, but for `careful` places.

    There, what is built is judged, and something else is tried where it does not hold. `hidden` is
    the keyword of what the other side writes. Without `takes_stated` no example of a schema counts.
    """

    definitions: Mapping[str, Json]
    judge: Judge
    hidden: str
    careful: Container[Path]
    takes_stated: bool
    steps: int
    shown: int = MOST_VALUES

    def value(self, nodes: tuple[Node, ...], spot: Spot) -> Json:
        self.steps -= 1
        self.shown -= 1
        if self.steps < 0:
            raise OutOfSteps
        if not nodes:
            number = spot.choices.number(*spot.path)
            return plain_text(0, None, number) if number else None
        spot = self._entered(nodes, spot)
        is_careful = spot.path in self.careful
        first: NoValue | None = None
        null_first = spot.ending is not None
        for together in expansions(self.definitions, nodes, spot.choices, null_first=null_first):
            for variant in _variants(spot) if is_careful else (spot,):
                self.steps -= 1
                was_tried = False
                try:
                    for value in self._values(together, variant, null_first=null_first):
                        if not is_careful or self._holds(nodes, value):
                            return value
                        was_tried = True
                except NoValue as none:
                    first = first or none
                if not was_tried:  # nothing can be made here; no variant changes that
                    break
        raise first or NoValue(nodes[0].place, "no value was found that this schema accepts")

    def has_room(self) -> bool:
        return self.shown > 0

    def repeats(self, nodes: tuple[Node, ...], spot: Spot) -> bool:
        goal = self._goal(nodes)
        return bool(goal) and goal in spot.within

    def is_hidden(self, nodes: tuple[Node, ...]) -> bool:
        return any(
            child(schema, self.hidden) is True
            for node in nodes
            for schema in (node.schema, resolved(self.definitions, node).schema)
        )

    # --- where it is ------------------------------------------------------------------------------

    def _goal(self, nodes: tuple[Node, ...]) -> frozenset[Pointer]:
        """What is built, whichever references lead to it."""
        ends = (resolved(self.definitions, node).at for node in nodes)
        return frozenset(at for at in ends if at is not None)

    def _entered(self, nodes: tuple[Node, ...], spot: Spot) -> Spot:
        goal = self._goal(nodes)
        if spot.ending is not None:
            if len(spot.path) > DEEPEST:
                raise NoValue(
                    nodes[0].place, f"what is required is more than {DEEPEST} levels deep"
                )
            # The shortest way to an end never comes by the same schema twice.
            if goal in spot.ending:
                raise NoValue(nodes[0].place, "what is required here has no end")
            return replace(spot, ending=(*spot.ending, goal))
        if goal in spot.within or len(spot.path) >= MOST_LEVELS or self.shown < 0:
            return replace(spot, ending=(goal,))
        return replace(spot, within=(*spot.within, goal))

    def _holds(self, nodes: tuple[Node, ...], value: Json) -> bool:
        return all(self.judge.accepts(value, node.at) for node in nodes if node.at is not None)

    # --- what it is -------------------------------------------------------------------------------

    def _values(self, together: Conjunction, spot: Spot, *, null_first: bool) -> Iterator[Json]:
        """Values to try. Raises NoValue where there is none, or none any more."""
        kinds = together.kinds()
        allowed = frozenset(kinds)
        if (choices := together.choices()) is not None:
            left = [value for value in choices if is_of(value, allowed)]
            begin = spot.choices.among(len(left), *spot.path)
            yield from (*left[begin:], *left[:begin])
            raise NoValue(place_in(together), "none of the values to choose from is possible")
        if self.takes_stated:
            stated = [value for value in together.stated() if is_of(value, allowed)]
            # One more stands for what can be made.
            begin = spot.choices.among(len(stated) + 1, *spot.path, "stated")
            yield from stated[begin:]
        if null_first and "null" in allowed:
            yield None
        first: NoValue | None = None
        for kind in kinds:
            try:
                yield self._of_kind(kind, together, spot)
            except NoValue as none:
                first = first or none
        reason = "of the values that were tried none holds" if kinds else "no type is possible"
        raise first or NoValue(place_in(together), reason)

    def _of_kind(self, kind: str, together: Conjunction, spot: Spot) -> Json:
        match kind:
            case "object":
                return object_(self, together, spot)
            case "array":
                return array(self, together, spot)
            case "string":
                made: Json = text(together.text(), spot.choices, *spot.path)
            case "integer" | "number":
                demands = together.number(is_integer=kind == "integer")
                made = next(numbers(demands, spot.choices, *spot.path), None)
            case "boolean":
                return spot.choices.among(2, *spot.path) == 1
            case _:
                return None
        if made is None:
            raise NoValue(place_in(together), _NOT_FOUND[kind])
        return made


_NOT_FOUND = {
    "string": "no text was found that keeps its patterns, formats and lengths",
    "integer": "no integer was found that keeps its bounds and steps",
    "number": "no number was found that keeps its bounds and steps",
}


def _variants(spot: Spot) -> Iterator[Spot]:
    """Other ways to fill a place, for where the first does not hold."""
    for turn in range(4):
        turned = replace(spot, choices=spot.choices.turned(turn))
        yield turned
        yield replace(turned, is_lean=True)
