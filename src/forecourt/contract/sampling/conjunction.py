"""Schemas that must all hold: what they say together of a value."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from forecourt.contract.dialect import place_of
from forecourt.contract.keywords import TYPES
from forecourt.contract.sampling.numbers import NumberDemands
from forecourt.contract.sampling.texts import TextDemands
from forecourt.contract.values import Json, Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A schema, and where it stands in the translated one; None: it was put together here."""

    schema: Json
    at: Pointer | None = None

    @property
    def place(self) -> str:
        """Its JSON pointer in the document."""
        return "" if self.at is None else place_of(self.at)

    def inside(self, *steps: str) -> Node:
        """The schema further in, which must be there."""
        schema = self.schema
        for step in steps:
            schema = schema[int(step)] if isinstance(schema, list) else _object(schema)[step]
        return Node(schema=schema, at=None if self.at is None else (*self.at, *steps))


def _object(schema: Json) -> dict[str, Json]:
    assert isinstance(schema, dict)
    return schema


# A number that is an integer is both.
_ALSO = {"integer": frozenset({"integer"}), "number": frozenset({"integer", "number"})}

# What a schema without a type is about, by its first keyword that tells.
_ABOUT = (
    ("object", ("properties", "required", "additionalProperties", "minProperties")),
    ("object", ("patternProperties", "propertyNames", "dependentRequired", "maxProperties")),
    ("array", ("items", "prefixItems", "contains", "minItems", "uniqueItems", "maxItems")),
    ("string", ("pattern", "format", "minLength", "maxLength")),
    ("number", ("minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum")),
)

# Numbers of these formats end where the type of a programming language does.
_WHOLE_FORMATS = {"int32": 2**31, "int64": 2**63}


def kinds_of(schema: Json) -> frozenset[str]:
    """The types that a schema allows, as far as it says; `number` goes with `integer`."""
    if not isinstance(schema, dict) or "type" not in schema:
        return frozenset(TYPES)
    kind = schema["type"]
    kinds = kind if isinstance(kind, list) else [kind]
    return frozenset().union(*(_ALSO.get(str(k), frozenset({str(k)})) for k in kinds))


def is_of(value: Json, kinds: frozenset[str]) -> bool:
    """Whether a value has one of the types."""
    match value:
        case None:
            return "null" in kinds
        case bool():
            return "boolean" in kinds
        case int():
            return "integer" in kinds
        case Decimal():
            return "number" in kinds or ("integer" in kinds and value == value.to_integral_value())
        case str():
            return "string" in kinds
        case list():
            return "array" in kinds
        case dict():
            return "object" in kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Conjunction:
    """Schemas without `$ref`, `allOf` and choices, which must all hold."""

    nodes: tuple[Node, ...]

    def having(self, keyword: str) -> Iterator[tuple[Node, Json]]:
        """The schemas that have a keyword, and what it holds."""
        for node in self.nodes:
            if isinstance(node.schema, dict) and keyword in node.schema:
                yield node, node.schema[keyword]

    def said(self, keyword: str) -> list[Json]:
        return [value for _, value in self.having(keyword)]

    def most(self, keyword: str) -> int | None:
        """The least of several upper bounds."""
        return min(cast(list[int], self.said(keyword)), default=None)

    def least(self, keyword: str, otherwise: int = 0) -> int:
        """The greatest of several lower bounds."""
        return max(cast(list[int], self.said(keyword)), default=otherwise)

    def kinds(self) -> tuple[str, ...]:
        """The types that all allow, the one to try first in front; null is tried last."""
        allowed = frozenset(TYPES)
        for node in self.nodes:
            allowed &= kinds_of(node.schema)
        if len(allowed) == 1:
            return tuple(allowed)
        likely = [*self._declared(), *self._about()]
        ordered = [k for k in dict.fromkeys([*likely, *TYPES]) if k in allowed and k != "null"]
        if not likely:
            ordered = ["null", *ordered]
        elif "null" in allowed:
            ordered.append("null")
        return tuple(k for k in ordered if k in allowed)

    def _declared(self) -> list[str]:
        for kind in self.said("type"):
            return [str(k) for k in kind] if isinstance(kind, list) else [str(kind)]
        return []

    def _about(self) -> list[str]:
        schemas = [node.schema for node in self.nodes if isinstance(node.schema, dict)]
        said = {word for schema in schemas for word in schema}
        return [kind for kind, words in _ABOUT if not said.isdisjoint(words)]

    def choices(self) -> list[Json] | None:
        """What `const` and `enum` leave to choose from; None where neither is said."""
        lists = [[value] for value in self.said("const")]
        lists += [cast(list[Json], values) for values in self.said("enum")]
        if not lists:
            return None
        first, *others = lists
        common = [{identity(value) for value in other} for other in others]
        return [v for v in first if all(identity(v) in values for values in common)]

    def stated(self) -> Iterator[Json]:
        """What the schemas themselves give as values."""
        for node in self.nodes:
            if isinstance(node.schema, dict):
                for keyword in ("example", "examples", "default"):
                    if keyword in node.schema:
                        found = node.schema[keyword]
                        yield from cast(list[Json], found) if keyword == "examples" else [found]

    def text(self) -> TextDemands:
        return TextDemands(
            formats=tuple(dict.fromkeys(map(str, self.said("format")))),
            patterns=tuple(dict.fromkeys(map(str, self.said("pattern")))),
            least=self.least("minLength"),
            most=self.most("maxLength"),
        )

    def number(self, *, is_integer: bool) -> NumberDemands:
        least = cast(list[int | Decimal], self.said("minimum"))
        most = cast(list[int | Decimal], self.said("maximum"))
        for name in self.said("format"):
            if (end := _WHOLE_FORMATS.get(str(name))) is not None:
                least, most = [*least, -end], [*most, end - 1]
        return NumberDemands(
            is_integer=is_integer,
            least=max(least, default=None),
            most=min(most, default=None),
            above=max(cast(list[int | Decimal], self.said("exclusiveMinimum")), default=None),
            below=min(cast(list[int | Decimal], self.said("exclusiveMaximum")), default=None),
            steps=tuple(cast(list[int | Decimal], self.said("multipleOf"))),
        )


def identity(value: Json) -> Hashable:
    """Equal for what is equal as JSON: 1 is 1.0, and neither is true."""
    match value:
        case bool():
            return ("boolean", value)
        case list():
            return ("array", tuple(map(identity, value)))
        case dict():
            return ("object", frozenset((name, identity(inner)) for name, inner in value.items()))
        case _:
            return value
