"""The schema of an object while lenses say what an older caller sees of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from forecourt.contract.lenses.around import OLDER, Around
from forecourt.contract.one_sided import Direction
from forecourt.contract.values import Json
from forecourt.estate.changes import Loss


@dataclass(slots=True, kw_only=True)
class Shape:
    """Members and which of them must be there. They change, lens by lens, newest lens first.

    `direction`: whether it is the body of requests or of answers; `around` what the contracts say.
    """

    direction: Direction
    around: Around
    members: dict[str, Json] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)

    @property
    def is_request(self) -> bool:
        """Whether older callers send it."""
        return self.direction is Direction.REQUEST

    def take(self, name: str) -> tuple[Json, bool] | None:
        """Takes a member out: its schema, and whether it had to be there."""
        if name not in self.members:
            return None
        is_required = name in self.required
        self.required.discard(name)
        return self.members.pop(name), is_required

    def put(self, name: str, schema: Json, *, is_required: bool) -> None:
        """Puts a member in."""
        self.members[name] = schema
        if is_required:
            self.required.add(name)

    def change(self, name: str, schema: Json, on_loss: Loss, *, may_be_null: bool) -> None:
        """Another schema for a member of which some values may be lost on the way down.

        Null stays null: what the newer contract does not take, older callers cannot send.
        """
        if self.is_request and not may_be_null and self.around.older.member(name).is_nullable():
            schema = but_null(schema)
        is_made_null = on_loss == "null" and not self.is_request
        self.members[name] = or_null(schema) if may_be_null or is_made_null else schema
        if on_loss == "omit" and not self.is_request:
            self.required.discard(name)

    def older(self, name: str) -> Json:
        """What the older contract says of a member."""
        return self.around.older.member(name).referred(OLDER)

    def is_nullable(self, name: str) -> bool:
        """Whether the newer contract lets a member be null."""
        return self.around.newer.member(name).is_nullable()


def or_null(schema: Json) -> Json:
    """The schema, and null."""
    return {"anyOf": [schema, {"type": "null"}]}


def but_null(schema: Json) -> Json:
    """The schema without null."""
    return {"allOf": [schema, {"type": ["array", "boolean", "number", "object", "string"]}]}


def an_object(members: dict[str, Json], required: Iterable[str]) -> Json:
    """The schema of an object."""
    listed: list[Json] = [name for name in members if name in set(required)]
    return {"type": "object", "properties": members, **({"required": listed} if listed else {})}
