"""Two contracts that follow each other, and the lenses between them, each at its places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from forecourt.contract.comparison.operations import matched
from forecourt.contract.lenses.around import Declared
from forecourt.contract.lenses.catalogue import kind_of
from forecourt.contract.lenses.naming import (
    Operations,
    as_sent,
    is_of_the_edge,
    json_schemas,
    parameters_of,
)
from forecourt.contract.lenses.placing import Placed, Placing
from forecourt.contract.lenses.schemas import Parts, Schemas
from forecourt.contract.lenses.tracking import Tracking, Work
from forecourt.contract.model import Operation, ParameterIn
from forecourt.diagnostics import Diagnostic
from forecourt.estate.changes import AnyLens, Changes, Move
from forecourt.estate.changes import Operation as OperationChange
from forecourt.source.codes import (
    CHANGE_OF_NOTHING,
    LENS_DOES_NOT_FIT,
    MISSING_KEY,
    OVERLAPPING_CHANGES,
)
from forecourt.source.quoting import shown
from forecourt.source.vocabulary.spelling import nearest

# By operation of the older contract (`POST /charges`) and part of the request.
ByPart = dict[tuple[str, ParameterIn], tuple[Placed, ...]]


@dataclass(slots=True, kw_only=True)
class Sides:
    """Finds everything that the changes name. `mistakes` grow while it does.

    `becomes` is what the newer contract has for each operation of the older one, None where it is
    gone; `by` the change that says so, if one does.
    """

    changes: Changes
    older: Schemas
    newer: Schemas
    called_older: Operations
    called_newer: Operations
    mistakes: list[Diagnostic] = field(default_factory=list)
    becomes: dict[Operation, Operation | None] = field(init=False)
    by: dict[Operation, OperationChange] = field(init=False, default_factory=dict)
    moves: dict[Operation, list[Move]] = field(init=False)
    bodies: Placing = field(init=False)
    parameters: ByPart = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.moves = defaultdict(list)
        self.becomes = {
            pair.old: pair.new
            for pair in matched(self.called_older.all(), self.called_newer.all())
            if pair.old is not None
        }
        for change in self.changes.changes:
            if isinstance(change, OperationChange):
                self._pair(change)
            self.mistakes += of_the_edge(change)
        by_name: dict[str, list[Work]] = defaultdict(list)
        by_part: dict[tuple[Operation, ParameterIn], list[Work]] = defaultdict(list)
        for number, lens in enumerate(self.changes.changes):
            kind = kind_of(lens)
            if isinstance(lens, Move):
                for operation in self._operations(lens):
                    self.moves[operation].append(lens)
            elif kind is not None:
                work = Work(number=number, lens=lens, kind=kind)
                if lens.part == "body":
                    for name in self._places(lens):
                        by_name[name].append(work)
                else:
                    for operation in self._with_parameter(work):
                        by_part[operation, lens.part].append(work)
        self.bodies = Placing(by_name={n: self._placed(n, works) for n, works in by_name.items()})
        for (operation, part), works in by_part.items():
            self.parameters[str(operation), part] = self._of_parameters(operation, part, works)

    @property
    def names(self) -> tuple[str, str]:
        """What the two versions are called."""
        return self.changes.follows, self.changes.version

    # --- operations -------------------------------------------------------------------------------

    def _pair(self, change: OperationChange) -> None:
        older = self._called(self.called_older, change, "operation", change.name, 0)
        if older is None:
            return
        if (first := self.by.get(older)) is not None:
            line = first.places.origin.line
            message = f"the change of line {line} says what becomes of {shown(str(older))} already"
            self.mistakes.append(
                OVERLAPPING_CHANGES.at(
                    change.places["operation"], message, help="remove one of the two"
                )
            )
            return
        self.by[older] = change
        if change.becomes is None:
            self.becomes[older] = None
        else:
            newer = self._called(self.called_newer, change, "becomes", change.becomes, 1)
            self.becomes[older] = newer

    def _called(
        self, operations: Operations, lens: AnyLens, key: str, name: str, side: int
    ) -> Operation | None:
        found = operations.called(name)
        if found is None:
            message = f"version {shown(self.names[side])} has no operation {shown(name)}"
            known = sorted(operations.by_name)
            close = nearest(name, known)
            way_out = "name it by its `operationId`, or as `GET /path`"
            way_out = way_out if close is None else f"did you mean `{close}`?"
            self.mistakes.append(CHANGE_OF_NOTHING.at(lens.places[key], message, help=way_out))
        return found

    def _operations(self, lens: AnyLens) -> Iterator[Operation]:
        for number, name in enumerate(lens.within):
            found = self._called(self.called_older, lens, f"in.{number}", name, 0)
            if found is not None:
                yield found

    def _with_parameter(self, work: Work) -> Iterator[Operation]:
        """Those that are named; without names, all that have it."""
        lens = work.lens
        if lens.within:
            yield from self._operations(lens)
            return
        part = lens.part
        assert part != "body"
        names = work.kind.names(lens)
        of_older = [as_sent(n, part) for n, _ in (*names.takes, *names.keeps)]
        of_newer = [as_sent(n, part) for n, _ in names.gives]
        count = 0
        for older, newer in self.becomes.items():
            has = parameters_of(self.older, older, part).names()
            gets = frozenset() if newer is None else parameters_of(self.newer, newer, part).names()
            if any(n in has for n in of_older) or (
                not of_older and any(n in gets and n not in has for n in of_newer)
            ):
                count += 1
                yield older
        if not count:
            name, key = (*names.takes, *names.keeps, *names.gives)[0]
            message = f"no operation has {shown(name)} in its {part}"
            self.mistakes.append(
                CHANGE_OF_NOTHING.at(
                    lens.places[key], message, help="name a parameter of the contract"
                )
            )

    # --- places in bodies -------------------------------------------------------------------------

    def _places(self, lens: AnyLens) -> Iterator[str]:
        """The names that lenses are placed by: of schemas, and of operations as `POST /orders`."""
        if not lens.within:
            message = "`in` is missing: the schemas that have it, or operations"
            way_out = "write `in: […]`, or `part:` where it is a parameter"
            self.mistakes.append(MISSING_KEY.at(lens.places.origin, message, help=way_out))
        for number, name in enumerate(lens.within):
            operation = self.called_older.called(name)
            if self.older.named(name) is not None or self.newer.named(name) is not None:
                yield name
            elif operation is not None:
                yield str(operation)
            else:
                message = f"neither contract has a schema or an operation {shown(name)}"
                known = {*self.older.names(), *self.newer.names(), *self.called_older.by_name}
                close = nearest(name, sorted(known))
                way_out = "name it as `components: schemas:` does, or by its `operationId`"
                way_out = way_out if close is None else f"did you mean `{close}`?"
                place = lens.places[f"in.{number}"]
                self.mistakes.append(CHANGE_OF_NOTHING.at(place, message, help=way_out))

    def _placed(self, name: str, works: list[Work]) -> tuple[Placed, ...]:
        operation = self.called_older.called(name)
        if operation is not None and self.older.named(name) is None:
            newer = self.becomes[operation]
            return self._tracked(
                name,
                works,
                Declared(schemas=self.older, starts=bodies_of(operation)),
                Declared(schemas=self.newer, starts=() if newer is None else bodies_of(newer)),
            )
        older, newer_at = self.older.named(name), self.newer.named(name)
        return self._tracked(
            name,
            works,
            Declared(schemas=self.older, starts=() if older is None else (older,)),
            Declared(schemas=self.newer, starts=() if newer_at is None else (newer_at,)),
        )

    def _of_parameters(
        self, operation: Operation, part: ParameterIn, works: list[Work]
    ) -> tuple[Placed, ...]:
        newer = self.becomes[operation]
        nothing = Declared(schemas=self.newer)
        return self._tracked(
            f"{operation}, {part}",
            works,
            parameters_of(self.older, operation, part),
            nothing if newer is None else parameters_of(self.newer, newer, part),
        )

    def _tracked(
        self, name: str, works: list[Work], older: Declared, newer: Declared
    ) -> tuple[Placed, ...]:
        tracking = Tracking(place=name, older=older, newer=newer, names=self.names)
        placed = tracking.placed(works)
        self.mistakes += tracking.mistakes
        return placed


def of_the_edge(lens: AnyLens) -> Iterator[Diagnostic]:
    """Header fields that a lens speaks of, and that are the edge's."""
    kind = kind_of(lens)
    named: list[tuple[str, str]] = []
    if isinstance(lens, Move):
        where_to = "as" if "as" in lens.places else "move"
        sides = ((lens.name, lens.source, "move"), (lens.to, lens.target, where_to))
        named += ((name, key) for name, part, key in sides if part == "header")
    elif kind is not None and lens.part == "header":
        names = kind.names(lens)
        named += (*names.takes, *names.keeps, *names.gives)
    for name, key in named:
        if is_of_the_edge(name):
            message = f"{shown(name)} is a field that the edge reads and writes itself"
            way_out = "give what the versions say to each other a field of its own"
            yield LENS_DOES_NOT_FIT.at(lens.places[key], message, help=way_out)


def bodies_of(operation: Operation) -> Parts:
    """The schemas of a body of JSON, the request's and those of answers."""
    contents = () if operation.body is None else operation.body.contents
    answers = (content for answer in operation.responses for content in answer.contents)
    return tuple(dict.fromkeys((*json_schemas(contents), *json_schemas(answers))))
