"""What becomes of the messages of one operation, request and answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from forecourt.contract.lenses.kind import Misfit
from forecourt.contract.lenses.kinds import operation
from forecourt.contract.lenses.kinds.move import lowering
from forecourt.contract.lenses.naming import (
    as_sent,
    is_good,
    json_schemas,
    other_schemas,
    parameters_of,
)
from forecourt.contract.lenses.placing import Placed, steps_down, steps_up
from forecourt.contract.lenses.program import Move, OperationLens, Program
from forecourt.contract.lenses.sides import Sides
from forecourt.contract.lenses.steps import Change as ChangeStep
from forecourt.contract.lenses.steps import Drop as DropStep
from forecourt.contract.lenses.steps import (
    OnLoss,
    Put,
    Rename,
    Step,
)
from forecourt.contract.lenses.trying import of_answers, of_requests
from forecourt.contract.lenses.walking import Walk
from forecourt.contract.media_types import is_json
from forecourt.contract.model import Content, Operation, ParameterIn, Response
from forecourt.contract.templates import path_names
from forecourt.diagnostics import Diagnostic, has_errors
from forecourt.estate.changes import Move as MoveChange
from forecourt.estate.changes import Operation as OperationChange
from forecourt.estate.changes import Whole
from forecourt.source.codes import CHANGE_OF_NOTHING, LENS_DOES_NOT_FIT
from forecourt.source.quoting import shown

_Type: TypeAlias = Literal["string", "integer", "number", "boolean"]
# The more exact comes first, for a member that may be of several.
_TYPES: tuple[_Type, ...] = ("boolean", "integer", "number", "string")

_PARTS: tuple[ParameterIn, ...] = ("query", "header", "cookie")


@dataclass(slots=True, kw_only=True)
class Messages:
    """Makes the lens of each operation. `mistakes` grow."""

    sides: Sides
    mistakes: list[Diagnostic] = field(default_factory=list)
    up: Walk = field(init=False)
    down: Walk = field(init=False)
    _sent: dict[int, Placed] = field(default_factory=dict)
    _read: dict[int, Placed] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sides = self.sides
        self.up = Walk(schemas=sides.older, placing=sides.bodies, steps=self._steps_up)
        self.down = Walk(schemas=sides.newer, placing=sides.bodies, steps=self._steps_down)

    def because(self) -> Iterator[tuple[tuple[str, str], str]]:
        """Why operations are gone."""
        for older, newer in self.sides.becomes.items():
            change = self.sides.by.get(older)
            if newer is None and change is not None and change.becomes is None:
                yield (older.method, older.template), change.because

    def lens(self, older: Operation) -> OperationLens:
        """What becomes of the calls of an operation of the older contract."""
        newer, change = self.sides.becomes[older], self.sides.by.get(older)
        if newer is None:
            return OperationLens(method=older.method, template=older.template, becomes=None)
        moves = self.sides.moves.get(older, [])
        requests = [self._move(m, older, newer) for m in moves if m.message == "request"]
        answers = self._answers(older, newer, change)
        statuses = sorted({_spelled(each) for each in newer.responses} - {"default"})
        return OperationLens(
            method=older.method,
            template=older.template,
            becomes=(newer.method, newer.template),
            path=self._path(older, newer, change, requests),
            parameters=self._parameters(older),
            moves=tuple(m for m in requests if m.target != "body"),
            request=self._request(older, change),
            arrives=tuple(m for m in requests if m.target == "body"),
            answers=answers,
            plain=tuple(status for status in statuses if status not in answers),
            answer_moves=tuple(
                self._answer_move(m) for m in reversed(moves) if m.message == "answer"
            ),
        )

    # --- what is tried ----------------------------------------------------------------------------

    def _steps_up(self, placed: Iterable[Placed]) -> tuple[Step, ...]:
        placed = tuple(placed)
        self._sent |= {id(each): each for each in placed}
        return steps_up(placed)

    def _steps_down(self, placed: Iterable[Placed]) -> tuple[Step, ...]:
        placed = tuple(placed)
        self._read |= {id(each): each for each in placed}
        return steps_down(placed)

    def _tried(self) -> Iterator[Diagnostic]:
        """What lenses make of values of those messages in which they are, each mistake once."""
        bodies, parameters = self.sides.bodies, self.sides.parameters.values()
        self._sent |= {id(each): each for there in parameters for each in there}
        for there in (*bodies.by_name.values(), *parameters):
            for placed in there:
                found: list[Misfit] = []
                if id(placed) in self._sent:
                    found += of_requests(placed, there, bodies)
                if id(placed) in self._read and not found:
                    found += of_answers(placed, there, bodies)
                places = placed.lens.places
                yield from (m.code.at(places[m.key], m.message, help=m.help) for m in found)

    # --- bodies -----------------------------------------------------------------------------------

    def _request(self, older: Operation, change: OperationChange | None) -> Program | None:
        whole = None if change is None else change.body
        contents = () if older.body is None else older.body.contents
        if whole is not None and older.body is None:
            assert change is not None
            message = f"{shown(str(older))} has no body"
            place = change.places["body"]
            self.mistakes.append(LENS_DOES_NOT_FIT.at(place, message, help="remove `body`"))
            return None
        starts = json_schemas(contents)
        program = self.up.program(starts, str(older), operation.up(whole))
        if program is not None or self.up.touches(other_schemas(contents)):
            self._only_json(older, "request", contents)
        return program

    def _answers(
        self, older: Operation, newer: Operation, change: OperationChange | None
    ) -> dict[str, Program]:
        found: dict[str, Program] = {}
        whole = None if change is None else change.answer
        for answer in newer.responses:
            steps = operation.down(whole) if is_good(answer.status, newer) else ()
            program = self.down.program(json_schemas(answer.contents), str(older), steps)
            if program is not None or self.down.touches(other_schemas(answer.contents)):
                self._only_json(newer, f"answer {answer.status}", answer.contents)
            if program is not None:
                if steps and change is not None and whole is not None and whole.lens == "wrap":
                    self._held_alone(answer, whole, program, change)
                found[_spelled(answer)] = program
        return found

    def _held_alone(
        self, answer: Response, whole: Whole, program: Program, change: OperationChange
    ) -> None:
        """Whether the member that is taken out of an answer stands there alone."""
        schemas = self.down.schemas
        names = schemas.members(schemas.all(json_schemas(answer.contents)))
        dropped = {s.name for s in program.nodes[program.root].steps if isinstance(s, DropStep)}
        left = sorted(set(names) - dropped - {whole.name})
        if left:
            message = f"beside {shown(whole.name)} stands {shown(left[0])}, which would be lost"
            way_out = f"say that it is new: `add: {left[0]}`, in the schema of the answer"
            place = change.places["answer"]
            self.mistakes.append(LENS_DOES_NOT_FIT.at(place, message, help=way_out))

    def _only_json(self, operation: Operation, what: str, contents: Iterable[Content]) -> None:
        """Lenses speak of JSON: what else a body may be would pass as it is."""
        for content in contents:
            if not is_json(content.media_type):
                message = (
                    f"{what} of {shown(str(operation))} may be {shown(content.media_type)}, "
                    "which no lens changes"
                )
                way_out = "take it out of the contract, or give it a schema that no lens names"
                self._tell(message, way_out)

    # --- the path, and parameters -----------------------------------------------------------------

    def _path(
        self,
        older: Operation,
        newer: Operation,
        change: OperationChange | None,
        moves: Iterable[Move],
    ) -> dict[str, str]:
        """The older parameter that stands at each place of the newer path."""
        said = {new: old for old, new in (() if change is None else change.path)}
        there, here = path_names(newer.template), path_names(older.template)
        moved_in = {m.to for m in moves if m.target == "path"}
        moved_out = {m.name for m in moves if m.source == "path"}
        left = [n for n in here if n not in said.values() and n not in moved_out]
        found: dict[str, str] = {}
        for name in there:
            if name in said:
                found[name] = said[name]
            elif name in moved_in:
                continue
            elif left:
                found[name] = left.pop(0)
            else:
                self._lost_in_path(older, change, f"nothing says what {shown(name)} of the path is")
        for name in left:
            self._lost_in_path(older, change, f"{shown(name)} has no place in the path")
        for name in (*said.values(),):
            if name not in here:
                self._lost_in_path(older, change, f"the older path has no {shown(name)}")
        for name in said:
            if name not in there:
                self._lost_in_path(older, change, f"the newer path has no {shown(name)}")
        return found

    def _lost_in_path(self, older: Operation, change: OperationChange | None, message: str) -> None:
        if change is not None:
            place = change.places["path"]
            message = f"{message}, of {shown(str(older))}"
            way_out = "write `path: {older: newer}`, or `move` it"
            self.mistakes.append(LENS_DOES_NOT_FIT.at(place, message, help=way_out))

    def _parameters(self, older: Operation) -> dict[ParameterIn, tuple[Step, ...]]:
        found: dict[ParameterIn, tuple[Step, ...]] = {}
        for part in _PARTS:
            placed = self.sides.parameters.get((str(older), part), ())
            if steps := steps_up(placed):
                found[part] = tuple(_as_sent(step, part) for step in steps)
        return found

    # --- moves ------------------------------------------------------------------------------------

    def _move(self, move: MoveChange, older: Operation, newer: Operation) -> Move:
        self._stands(move, older, newer)
        return Move(
            name=as_sent(move.name, move.source),
            to=as_sent(move.to, move.target),
            source=move.source,
            target=move.target,
            type=self._type(move.to, newer, self.down) if move.target == "body" else "string",
            on_loss=OnLoss(move.on_loss),
        )

    def _answer_move(self, move: MoveChange) -> Move:
        ways = {move.source, move.target}
        if ways != {"body", "header"}:
            message = "in answers a value moves between `body` and `header`"
            self.mistakes.append(
                LENS_DOES_NOT_FIT.at(move.places["message"], message, help="name these two")
            )
        return lowering(move)

    def _stands(self, move: MoveChange, older: Operation, newer: Operation) -> None:
        """Whether both contracts have it where it is said to be."""
        sides = self.sides
        for key, name, part, where, schemas, which in (
            ("move", move.name, move.source, older, sides.older, 0),
            ("as" if "as" in move.places else "move", move.to, move.target, newer, sides.newer, 1),
        ):
            if part == "body":
                contents = () if where.body is None else where.body.contents
                parts = schemas.all(json_schemas(contents))
                is_there = name in schemas.members(parts)
            else:
                is_there = as_sent(name, part) in parameters_of(schemas, where, part).names()
            if not is_there:
                message = (
                    f"{shown(str(where))} of version {shown(sides.names[which])} has no "
                    f"{shown(name)} in its {part}"
                )
                place = move.places[key]
                way_out = "name what the contract has there"
                self.mistakes.append(CHANGE_OF_NOTHING.at(place, message, help=way_out))

    def _type(self, name: str, newer: Operation, walk: Walk) -> _Type:
        contents = () if newer.body is None else newer.body.contents
        schemas = walk.schemas
        starts = schemas.members(schemas.all(json_schemas(contents))).get(name, ())
        types = schemas.types(schemas.all(starts)) or frozenset()
        for kind in _TYPES:
            if kind in types:
                return kind
        return "string"

    def _tell(self, message: str, way_out: str) -> None:
        place = self.sides.changes.places["changes"]
        self.mistakes.append(LENS_DOES_NOT_FIT.at(place, message, help=way_out))

    def finish(self) -> None:
        """What could not be told apart, each once, and what fits no value."""
        if not has_errors((*self.sides.mistakes, *self.mistakes)):
            self.mistakes += dict.fromkeys(self._tried())
        for walk, version in ((self.up, self.sides.names[0]), (self.down, self.sides.names[1])):
            for untold in dict.fromkeys(walk.untold):
                where = "/".join(untold.at[-3:])
                message = (
                    f"nothing tells which of the alternatives at {shown(where)} of version "
                    f"{shown(version)} a value is of, and lenses work in some of them"
                )
                way_out = "give the schema a `discriminator`, or each of them a constant member"
                self._tell(message, way_out)


def _spelled(answer: Response) -> str:
    return answer.status.upper() if answer.status != "default" else "default"


def _as_sent(step: Step, part: ParameterIn) -> Step:
    """A step of parameters, by their names as they arrive."""
    match step:
        case Rename():
            return Rename(name=as_sent(step.name, part), to=as_sent(step.to, part))
        case ChangeStep() | Put() | DropStep():
            return replace(step, name=as_sent(step.name, part))
        case _:
            return step
