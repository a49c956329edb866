"""The schemas of objects as older callers see them, with what lenses make of their members."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from forecourt.contract.lenses.around import Around
from forecourt.contract.lenses.placing import Placed, Placing
from forecourt.contract.lenses.schemas import Parts, Schemas, name_of
from forecourt.contract.lenses.shape import Shape
from forecourt.contract.one_sided import Direction
from forecourt.contract.values import Json, Pointer, descend

# What a flat object says by its members, or says no more.
_COMPOSED = frozenset({"$ref", "allOf", "anyOf", "oneOf", "properties", "required"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Objects:
    """Those of the newer contract, in one direction."""

    schemas: Schemas
    placing: Placing
    direction: Direction

    def seen(self, at: Pointer, without: frozenset[int] = frozenset()) -> Json:
        """What lenses make of a schema, but those that work in it by another of its names."""
        parts = self.schemas.together((at,))
        names = [name for part in parts if (name := name_of(part)) is not None]
        placed = [p for p in self.placing.within(names) if p.number not in without]
        return self.through(at, placed)

    def through(self, at: Pointer, placed: Iterable[Placed]) -> Json:
        """What these lenses make of a schema, and of each of its alternatives."""
        placed = tuple(placed)
        parts = self.schemas.together((at,))
        shape: Shape | None = None
        for each in reversed(placed):
            shape = shape or self.shape((at,), each.around)
            shape.around = each.around
            each.kind.lowered(each.lens, shape)
        if shape is None:
            return descend(self.schemas.root, at)
        written = self.written(shape, (at,))
        for part in parts:
            for keyword in ("oneOf", "anyOf"):
                if listed := self.schemas.listed(part, keyword):
                    assert isinstance(written, dict)
                    written[keyword] = [self._alternative(each, placed) for each in listed]
        return written

    def _alternative(self, at: Pointer, placed: tuple[Placed, ...]) -> Json:
        parts = self.schemas.together((at,))
        names = [name for part in parts if (name := name_of(part)) is not None]
        by_itself = {p.number for p in self.placing.within(names)}
        left = [p for p in placed if p.number not in by_itself]
        return (
            self.through(at, left)
            if self.schemas.members(parts)
            else descend(self.schemas.root, at)
        )

    def shape(self, starts: Parts, around: Around) -> Shape:
        """The members of an object, whatever schemas it is made of."""
        parts = self.schemas.together(starts)
        shape = Shape(direction=self.direction, around=around)
        required = self.schemas.required(parts)
        for name, places in self.schemas.members(parts).items():
            written: list[Json] = [descend(self.schemas.root, at) for at in places]
            schema: Json = written[0] if len(written) == 1 else {"allOf": written}
            shape.put(name, schema, is_required=name in required)
        shape.required |= required
        return shape

    def written(self, shape: Shape, starts: Parts) -> Json:
        """The schema of an object, with what else its schemas say."""
        schema: dict[str, Json] = {}
        for part in self.schemas.together(starts):
            said = descend(self.schemas.root, part)
            for key, value in said.items() if isinstance(said, dict) else ():
                if key not in _COMPOSED:
                    schema.setdefault(key, value)
        schema["properties"] = dict(shape.members)
        if shape.required:
            listed: list[Json] = [*sorted(shape.required)]
            schema["required"] = listed
        return schema
