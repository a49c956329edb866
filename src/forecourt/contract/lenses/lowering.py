"""The newer contract as an older caller sees it, through the lenses: what the proof compares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from forecourt.contract.lenses.around import NEWER, OLDER, Around, Declared
from forecourt.contract.lenses.embedding import embedded
from forecourt.contract.lenses.naming import as_sent, is_good, json_schemas, parameters_of
from forecourt.contract.lenses.objects import Objects
from forecourt.contract.lenses.schemas import Schemas
from forecourt.contract.lenses.shape import Shape, an_object
from forecourt.contract.lenses.sides import Sides, bodies_of
from forecourt.contract.media_types import is_json
from forecourt.contract.model import Operation, Parameter, ParameterIn
from forecourt.contract.one_sided import Direction
from forecourt.contract.openapi_3_0 import Dialect
from forecourt.contract.references import Lost, follow
from forecourt.contract.templates import path_names, renamed
from forecourt.contract.values import Json, Pointer, child, descend
from forecourt.estate.changes import Move, Rename, Whole

Part: TypeAlias = ParameterIn | Literal["body"]

_PARTS: tuple[ParameterIn, ...] = ("query", "header", "cookie")


def lowered_document(sides: Sides, direction: Direction) -> dict[str, Json]:
    """The newer contract's document with the operations of the older one, each as it calls them.

    `direction`: as requests are sent, or as answers are read; of what stands in both, lenses make
    different things.
    """
    return _Document(sides=sides, direction=direction).lowered()


@dataclass(slots=True, kw_only=True)
class _Document:
    sides: Sides
    direction: Direction
    root: dict[str, Json] = field(init=False)
    objects: Objects = field(init=False)

    def __post_init__(self) -> None:
        root = deepcopy(self.sides.newer.root)
        assert isinstance(root, dict)  # else it were no contract
        self.root = root
        self.objects = Objects(
            schemas=self.sides.newer, placing=self.sides.bodies, direction=self.direction
        )

    @property
    def is_request(self) -> bool:
        return self.direction is Direction.REQUEST

    def lowered(self) -> dict[str, Json]:
        for name in self.sides.bodies.by_name:
            at = self.sides.newer.named(name)
            if at is not None:
                _put(self.root, at, self.objects.seen(at))
        paths: dict[str, Json] = {}
        for older, newer in self.sides.becomes.items():
            if newer is not None:
                item = paths.setdefault(self._template(older, newer), {})
                assert isinstance(item, dict)
                item[older.method.lower()] = self._operation(older, newer)
        one, other = self.sides.older, self.sides.newer
        dialect = Dialect.JSON_SCHEMA_2020_12 if one.dialect is other.dialect else one.dialect
        return {
            **self.root,
            "paths": paths,
            NEWER: other.root,
            OLDER: embedded(one.root, OLDER, dialect),
        }

    def _template(self, older: Operation, newer: Operation) -> str:
        """The older path, its parameters called as the newer operation calls them."""
        change = self.sides.by.get(older)
        said = dict(() if change is None else change.path)
        moves = self.sides.moves.get(older, [])
        left = {move.name for move in moves if move.source == "path"}
        taken = {*said.values(), *(move.to for move in moves if move.target == "path")}
        there = [name for name in path_names(newer.template) if name not in taken]
        names = {
            name: said.get(name) or (there.pop(0) if there and name not in left else name)
            for name in path_names(older.template)
        }
        return renamed(older.template, names)

    # --- one operation ----------------------------------------------------------------------------

    def _operation(self, older: Operation, newer: Operation) -> Json:
        written = deepcopy(descend(self.sides.newer.root, newer.pointer))
        assert isinstance(written, dict)
        change, moves = self.sides.by.get(older), self.sides.moves.get(older, [])
        message = "request" if self.is_request else "answer"
        moves = [m for m in moves if m.message == message]
        if older.id is not None:
            written["operationId"] = older.id
        if self.is_request:
            written["parameters"] = self._parameters(older, newer, moves)
            if newer.body is not None:
                whole = None if change is None else change.body
                body = deepcopy(descend(self.sides.newer.root, newer.body.pointer))
                self._contents(body, older, newer, whole, moves)
                written["requestBody"] = body
        else:
            whole = None if change is None else change.answer
            responses = written.get("responses")
            for status in responses if isinstance(responses, dict) else ():
                at = (*newer.pointer, "responses", status)
                found = follow(self.sides.newer.root, descend(self.sides.newer.root, at), at)
                if isinstance(found, Lost) or not isinstance(found.value, dict):
                    continue
                answer = deepcopy(found.value)
                of_good = whole if is_good(status, newer) else None
                self._contents(answer, older, newer, of_good, moves)
                self._headers(answer, older, moves)
                assert isinstance(responses, dict)
                responses[status] = answer
        return written

    def _contents(
        self,
        holder: Json,
        older: Operation,
        newer: Operation,
        whole: Whole | None,
        moves: Iterable[Move],
    ) -> None:
        contents = child(holder, "content")
        for media_type, content in contents.items() if isinstance(contents, dict) else ():
            if is_json(media_type) and isinstance(content, dict) and "schema" in content:
                content["schema"] = self._body(content["schema"], older, whole, moves)

    def _body(
        self, schema: Json, older: Operation, whole: Whole | None, moves: Iterable[Move]
    ) -> Json:
        """The schema of a whole body."""
        placed = self.sides.bodies.by_name.get(str(older), ())
        members = [m for m in moves if "body" in (m.source, m.target)]
        if placed or members:
            starts = self._starts(schema, older)
            shape = self.objects.shape(starts, self._around(older))
            for each in reversed(placed):
                shape.around = each.around
                each.kind.lowered(each.lens, shape)
            for move in members:
                if move.target == "body":
                    shape.take(move.to)
                else:
                    inner, is_required = self._left(move, older)
                    shape.put(move.name, inner, is_required=is_required)
            schema = self.objects.written(shape, starts)
        if whole is None:
            return schema
        if whole.lens == "unwrap":
            return an_object({whole.name: schema}, [whole.name])
        return self._held(schema, older, whole.name)

    def _held(self, schema: Json, older: Operation, name: str) -> Json:
        """What a member of a body is; whatever else must be there nobody sends."""
        newer = Declared(schemas=self.sides.newer, starts=self._starts(schema, older))
        inner = newer.member(name).referred(NEWER)
        left = sorted(n for n in newer.names() if newer.requires(n) and n != name)
        if left and self.is_request:
            return {"allOf": [inner, an_object({n: {} for n in left}, left)]}
        return inner

    def _starts(self, schema: Json, older: Operation) -> tuple[Pointer, ...]:
        """Where the schema of a body stands in the newer contract, past a reference or as it is."""
        newer = self.sides.becomes[older]
        assert newer is not None
        root = self.sides.newer.root
        return tuple(at for at in bodies_of(newer) if descend(root, at) == schema)[:1]

    def _around(self, older: Operation) -> Around:
        newer = self.sides.becomes[older]
        assert newer is not None
        return Around(
            older=Declared(schemas=self.sides.older, starts=bodies_of(older)),
            newer=Declared(schemas=self.sides.newer, starts=bodies_of(newer)),
        )

    # --- parameters and headers -------------------------------------------------------------------

    def _parameters(self, older: Operation, newer: Operation, moves: Iterable[Move]) -> Json:
        """All of an operation, those of its path among them, as older callers send them."""
        written = {(p.location, as_sent(p.name, p.location)): p for p in newer.parameters}
        before = {(p.location, as_sent(p.name, p.location)): p for p in older.parameters}
        found: list[Json] = []
        for part in _PARTS:
            placed = self.sides.parameters.get((str(older), part), ())
            around = Around(
                older=parameters_of(self.sides.older, older, part),
                newer=parameters_of(self.sides.newer, newer, part),
            )
            shape = Shape(direction=self.direction, around=around)
            spelled: dict[str, Parameter] = {}
            for (location, name), parameter in written.items():
                if location == part:
                    schema = descend(self.root, parameter.schema) if parameter.schema else {}
                    shape.put(name, schema, is_required=parameter.is_required)
                    spelled[name] = parameter
            for each in reversed(placed):
                shape.around = each.around
                each.kind.lowered(each.lens, shape)
                if isinstance(each.lens, Rename) and each.lens.to in spelled:
                    spelled[each.lens.name] = spelled.pop(each.lens.to)
            for move in moves:
                if move.target == part:
                    shape.take(as_sent(move.to, part))
                if move.source == part:
                    schema, is_required = self._moved(move, older, newer)
                    shape.put(as_sent(move.name, part), schema, is_required=is_required)
            for name, schema in shape.members.items():
                like = before.get((part, name)) or written.get((part, name))
                said: dict[str, Json] = {"name": name if like is None else like.name, "in": part}
                like = spelled.get(name) or like
                if like is not None and like.contents:
                    raw = descend(self.root, like.pointer) if like.pointer else None
                    found.append(raw)
                    continue
                if like is not None:
                    said |= {"style": like.style, "explode": like.explode}
                found.append({**said, "required": name in shape.required, "schema": schema})
        found += self._of_path(older, newer, moves)
        return found

    def _left(self, move: Move, older: Operation) -> tuple[Json, bool]:
        """What a member of a body is that moves out of it."""
        newer = self.sides.becomes[older]
        assert newer is not None
        if self.is_request:
            return self._moved(move, older, newer)
        declared = self._declared(self.sides.older, older, "body")
        return declared.member(move.name).referred(OLDER), False

    def _moved(self, move: Move, older: Operation, newer: Operation) -> tuple[Json, bool]:
        """What older callers send in what moves: what the newer version takes where it arrives.

        A text that is no value of the type there is lost, as declared; so the older contract holds
        where the types differ.
        """
        was = self._declared(self.sides.older, older, move.source)
        into = self._declared(self.sides.newer, newer, move.target)
        name, to = as_sent(move.name, move.source), as_sent(move.to, move.target)
        is_required = move.target == "path" or into.requires(to)
        one, other = was.member(name), into.member(to)
        are_texts = "body" not in (move.source, move.target)
        if other.is_known and (are_texts or one.types() == other.types()):
            return other.referred(NEWER), is_required
        return one.referred(OLDER), is_required

    def _declared(self, schemas: Schemas, operation: Operation, part: Part) -> Declared:
        if part == "body":
            starts = () if operation.body is None else json_schemas(operation.body.contents)
            return Declared(schemas=schemas, starts=starts)
        return parameters_of(schemas, operation, part)

    def _of_path(self, older: Operation, newer: Operation, moves: Iterable[Move]) -> Iterator[Json]:
        moves = tuple(moves)
        moved = {m.to for m in moves if m.target == "path"}
        for move in moves:
            if move.source == "path":
                schema, _ = self._moved(move, older, newer)
                yield {"name": move.name, "in": "path", "required": True, "schema": schema}
        for parameter in newer.parameters:
            if parameter.location == "path" and parameter.name not in moved:
                raw = descend(self.root, parameter.pointer) if parameter.pointer else None
                yield raw or {"name": parameter.name, "in": "path", "required": True, "schema": {}}

    def _headers(self, answer: dict[str, Json], older: Operation, moves: Iterable[Move]) -> None:
        headers = answer.get("headers")
        for move in moves:
            if move.target == "header" and isinstance(headers, dict):
                for name in [n for n in headers if n.lower() == move.to.lower()]:
                    del headers[name]
            if move.source == "header":
                declared = [h for r in older.responses for h in r.headers if h.name == move.name]
                schema = None if not declared else declared[0].schema
                starts = () if schema is None else (schema,)
                copy = Declared(schemas=self.sides.older, starts=starts).referred(OLDER)
                answer["headers"] = {
                    **(headers if isinstance(headers, dict) else {}),
                    move.name: {"schema": copy},
                }


def _put(root: Json, at: Pointer, value: Json) -> None:
    around = descend(root, at[:-1])
    assert isinstance(around, dict)  # schemas are named there
    around[at[-1]] = value
