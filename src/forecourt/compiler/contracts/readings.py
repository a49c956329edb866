"""How a text that came without a type is to be taken: as what its schema admits.

`12` is a number where a number may stand, and a text where only texts may. What a schema says is
gathered from all of its parts (`allOf`, `anyOf`, `oneOf`, references); where it is unclear more is
admitted, since the judge has the last word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from forecourt.compiler.bundle.layout import Kind
from forecourt.compiler.bundle.sections import kinds, kinds_of
from forecourt.compiler.contracts.serialized import LuaValue
from forecourt.contract.openapi_3_0 import Dialect, plainly
from forecourt.contract.references import Found, follow_once
from forecourt.contract.sight import Sight
from forecourt.contract.values import Json, Pointer, child, descend

CONTAINERS = Kind.ARRAY | Kind.OBJECT
_ALTERNATIVES = ("anyOf", "oneOf")
# Further down a text is taken as anything.
_DEEPEST = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One schema object about a value. `is_sure`: it counts whatever the value is."""

    schema: dict[str, Json]
    at: Pointer
    is_sure: bool


@dataclass(slots=True, kw_only=True)
class Readings:
    """The readings that the fields of one operation need, each once.

    A reading is a number for Lua: kinds (`forecourt.json.memory` has the bits) where nothing stands
    inside, and otherwise -n, where `tables[n - 1]` says `kinds`, `items`, `properties` by name and
    `rest`, what a name has that is not among them. A name that `sight` hides is any other.
    """

    document: Json
    dialect: Dialect
    sight: Sight | None = None
    tables: list[LuaValue] = field(default_factory=list)
    _numbers: dict[tuple[tuple[Pointer, bool], ...], int] = field(default_factory=dict)

    def reading(self, at: Pointer | None) -> int:
        """That of the schema at a place; anything where there is none."""
        return int(Kind.ANY) if at is None else self._reading(((at, True),))

    def parts(self, at: Pointer) -> list[Part]:
        """The schema objects that speak about a value of the schema at a place."""
        return list(self._parts(at, is_sure=True, seen=set()))

    def kinds(self, at: Pointer) -> Kind:
        """What kinds of values the schema at a place may admit."""
        return self._kinds(at, ())

    def names(self, part: Part) -> list[str]:
        """The properties that a part names, of those that are seen."""
        properties = part.schema.get("properties")
        declared = properties if isinstance(properties, dict) else {}
        return [name for name, schema in declared.items() if not self._hides(schema)]

    def _hides(self, schema: Json) -> bool:
        return self.sight is not None and self.sight.hides_schema(schema)

    # --- inside -----------------------------------------------------------------------------------

    def _reading(self, places: tuple[tuple[Pointer, bool], ...], depth: int = 0) -> int:
        admitted = self._admitted(places)
        if not admitted & CONTAINERS or depth > _DEEPEST:
            return int(admitted)
        if places in self._numbers:
            return self._numbers[places]
        parts = [
            Part(schema=part.schema, at=part.at, is_sure=part.is_sure and is_sure)
            for at, is_sure in places
            for part in self.parts(at)
        ]
        if not any(keyword in part.schema for part in parts for keyword in _INSIDE):
            return int(admitted)
        number = self._numbers[places] = -(len(self.tables) + 1)
        table: dict[str, LuaValue] = {"kinds": int(admitted)}
        self.tables.append(table)
        if items := _places(parts, "items"):
            table["items"] = self._reading(items, depth + 1)
        properties = {
            name: self._reading(_places(parts, "properties", name), depth + 1)
            for name in sorted({name for part in parts for name in self.names(part)})
        }
        if properties:
            table["properties"] = properties
        if rest := _places(parts, "additionalProperties"):
            table["rest"] = self._reading(rest, depth + 1)
        return number

    def _admitted(self, places: tuple[tuple[Pointer, bool], ...]) -> Kind:
        """What all that are sure admit, and one at least of the others."""
        sure, unsure = Kind.ANY, Kind(0)
        for at, is_sure in places:
            if is_sure:
                sure &= self.kinds(at)
            else:
                unsure |= self.kinds(at)
        return sure & unsure if unsure & sure else sure

    def _kinds(self, at: Pointer, around: tuple[Pointer, ...]) -> Kind:
        schema = descend(self.document, at)
        if at in around or not isinstance(schema, dict):
            return Kind(0) if schema is False else Kind.ANY
        around = (*around, at)
        said = plainly(schema, self.dialect)
        admitted = kinds(said)
        if "const" in said:
            admitted &= kinds_of([said["const"]])
        elif isinstance(listed := said.get("enum"), list):
            admitted &= kinds_of(listed)
        if (target := self._target(said, at)) is not None:
            admitted &= self._kinds(target, around)
        for inner in _listed(said, at, "allOf"):
            admitted &= self._kinds(inner, around)
        for keyword in _ALTERNATIVES:
            if branches := _listed(said, at, keyword):
                union = Kind(0)
                for branch in branches:
                    union |= self._kinds(branch, around)
                admitted &= union
        return admitted

    def _parts(self, at: Pointer, *, is_sure: bool, seen: set[Pointer]) -> Iterator[Part]:
        schema = descend(self.document, at)
        if at in seen or not isinstance(schema, dict) or self._hides(schema):
            return
        seen.add(at)
        said = plainly(schema, self.dialect)
        yield Part(schema=said, at=at, is_sure=is_sure)
        if (target := self._target(said, at)) is not None:
            yield from self._parts(target, is_sure=is_sure, seen=seen)
        for inner in _listed(said, at, "allOf"):
            yield from self._parts(inner, is_sure=is_sure, seen=seen)
        for keyword in _ALTERNATIVES:
            for branch in _listed(said, at, keyword):
                yield from self._parts(branch, is_sure=False, seen=seen)

    def _target(self, said: dict[str, Json], at: Pointer) -> Pointer | None:
        if not isinstance(said.get("$ref"), str):
            return None
        match follow_once(self.document, said, at):
            case Found(at=target):
                return target
            case _:
                return None


_INSIDE = ("items", "properties", "additionalProperties")


def _listed(schema: dict[str, Json], at: Pointer, keyword: str) -> list[Pointer]:
    listed = schema.get(keyword)
    count = len(listed) if isinstance(listed, list) else 0
    return [(*at, keyword, str(index)) for index in range(count)]


def _places(parts: list[Part], *steps: str) -> tuple[tuple[Pointer, bool], ...]:
    """Where parts say something at those steps, and whether that counts in any case."""
    return tuple(
        ((*part.at, *steps), part.is_sure)
        for part in parts
        if isinstance(_descend(part.schema, steps), dict | bool)
    )


def _descend(value: Json, steps: tuple[str, ...]) -> Json:
    for step in steps:
        value = child(value, step)
    return value
