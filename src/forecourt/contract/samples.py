"""A value that shows what a schema means: from its own examples, or the plainest of its type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from forecourt.contract.references import Lost, follow, reference_of
from forecourt.contract.values import Json, Pointer, child

# A schema may contain itself, and a wide one may fan out at each level.
MOST_LEVELS = 6
MOST_VALUES = 1_000

# One instant for every document, so that an answer never changes.
_BY_FORMAT: dict[str, str] = {
    "date-time": "2030-01-01T00:00:00Z",
    "date": "2030-01-01",
    "time": "00:00:00Z",
    "duration": "P1D",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "email": "someone@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "binary": "",
    "byte": "",
}


def sample(document: Json, schema: Json) -> Json:
    """A value for a schema: its example, default or first choice, or one put together.

    Nothing here proves that the value satisfies the schema: patterns, lengths and counts are not
    looked at. What only a caller writes (`writeOnly`) is left out.
    """
    return _Sampler(document).value(schema, within=())


@dataclass(slots=True)
class _Sampler:
    document: Json
    left: int = MOST_VALUES

    def value(self, schema: Json, within: tuple[Pointer | None, ...]) -> Json:
        """`within` are the places of the schemas around this one, None for one written in place."""
        found = self._stated(schema)
        if found is not None:
            return found
        at: Pointer | None = None
        if reference_of(schema) is not None:
            followed = follow(self.document, schema, ())
            if isinstance(followed, Lost):
                return None
            schema, at = followed.value, followed.at
            if (found := self._stated(schema)) is not None:
                return found
        self.left -= 1
        if not isinstance(schema, dict) or len(within) >= MOST_LEVELS or self.left < 0:
            return _EMPTY.get(_type_of(schema))
        return self._assembled(schema, (*within, at))

    def _stated(self, schema: Json) -> Json:
        """What the schema itself gives as a value; null is taken for nothing."""
        if child(schema, "example") is not None:
            return child(schema, "example")
        first = child(child(schema, "examples"), "0")
        for value in (first, child(schema, "default"), child(schema, "const")):
            if value is not None:
                return value
        choices = child(schema, "enum")
        if isinstance(choices, list):
            return next((choice for choice in choices if choice is not None), None)
        return None

    def _assembled(self, schema: dict[str, Json], within: tuple[Pointer | None, ...]) -> Json:
        parts = [self.value(part, within) for part in self._parts(schema)]
        objects = [part for part in parts if isinstance(part, dict)]
        kind = _type_of(schema)
        if kind == "object" or (objects and kind is None):
            merged: dict[str, Json] = {}
            for part in (*objects, self._properties(schema, within)):
                merged.update(part)
            return merged
        first = next((part for part in parts if part is not None), None)
        if first is not None:
            return first
        if kind == "array":
            return self._items(schema, within)
        return _plainest(kind, schema)

    def _parts(self, schema: dict[str, Json]) -> list[Json]:
        """The schemas that hold as well: all of `allOf`, and the first choice of the others."""
        parts: list[Json] = []
        if isinstance(together := schema.get("allOf"), list):
            parts.extend(together)
        for key in ("oneOf", "anyOf"):
            choices = schema.get(key)
            if isinstance(choices, list):
                parts.extend([c for c in choices if child(c, "type") != "null"][:1])
        return parts

    def _properties(
        self, schema: dict[str, Json], within: tuple[Pointer | None, ...]
    ) -> dict[str, Json]:
        properties = schema.get("properties")
        if not isinstance(properties, dict):
            return {}
        return {
            name: self.value(inner, within)
            for name, inner in properties.items()
            if child(inner, "writeOnly") is not True and not self._is_within(inner, within)
        }

    def _items(self, schema: dict[str, Json], within: tuple[Pointer | None, ...]) -> list[Json]:
        items = schema.get("items")
        if not isinstance(items, dict) or not items or self._is_within(items, within):
            return []
        return [self.value(items, within)]

    def _is_within(self, schema: Json, within: tuple[Pointer | None, ...]) -> bool:
        """Whether the schema is one of those around it: a tree's child, a page's next page."""
        if reference_of(schema) is None:
            return False
        followed = follow(self.document, schema, ())
        return not isinstance(followed, Lost) and followed.at in within


_Type = Literal["object", "array", "string", "integer", "number", "boolean"]
_TYPES: tuple[_Type, ...] = ("object", "array", "string", "integer", "number", "boolean")
_EMPTY: dict[_Type | None, Json] = {"object": {}, "array": [], "string": ""}


def _type_of(schema: Json) -> _Type | None:
    """Its type; of several (OpenAPI 3.1) the first but null; what its keywords say, without one."""
    declared = child(schema, "type")
    named = declared if isinstance(declared, list) else [declared]
    for type_ in _TYPES:
        if type_ in named:
            return type_
    if child(schema, "properties") is not None:
        return "object"
    return "array" if child(schema, "items") is not None else None


def _plainest(kind: _Type | None, schema: dict[str, Json]) -> Json:
    match kind:
        case "string":
            return _BY_FORMAT.get(str(schema.get("format")), "string")
        case "integer" | "number":
            least = schema.get("minimum")
            return 0 if least is None or isinstance(least, bool | str | list | dict) else least
        case "boolean":
            return False
        case _:
            return _EMPTY.get(kind)
