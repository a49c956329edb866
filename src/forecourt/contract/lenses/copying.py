"""A schema of one contract as it can stand in another: nothing it refers to is left behind."""

from __future__ import annotations

from forecourt.contract.lenses.schemas import Parts, Schemas
from forecourt.contract.references import Lost, follow_once
from forecourt.contract.values import Json, Pointer, descend

# Beneath these stand values, or names.
_VALUES = frozenset({"const", "default", "enum", "example", "examples", "required", "type"})
_BY_NAME = frozenset({"properties", "patternProperties", "$defs", "dependentSchemas"})


def copied(schemas: Schemas, starts: Parts, *, is_plain: bool) -> Json:
    """The schemas that hold of a value, as one; what contains itself is any value within itself.

    `is_plain`: in 2020-12, whatever the document's own dialect is.
    """
    copy = _Copy(schemas, is_plain)
    found = [copy.schema(at, ()) for at in starts]
    match found:
        case []:
            return {}
        case [one]:
            return one
        case _:
            return {"allOf": found}


class _Copy:
    __slots__ = ("_is_plain", "_schemas")

    def __init__(self, schemas: Schemas, is_plain: bool) -> None:
        self._schemas = schemas
        self._is_plain = is_plain

    def schema(self, at: Pointer, around: tuple[Pointer, ...]) -> Json:
        if at in around:
            return {}
        written = descend(self._schemas.root, at)
        if not isinstance(written, dict):
            return written
        around = (*around, at)
        said = self._schemas.said(at) if self._is_plain else written
        copy = {key: self._inner(key, (*at, key), value, around) for key, value in said.items()}
        if "$ref" not in said:
            return copy
        found = follow_once(self._schemas.root, written, at)
        del copy["$ref"]
        target = {} if isinstance(found, Lost) else self.schema(found.at, around)
        return target if not copy else {"allOf": [target, copy]}

    def _inner(self, key: str, at: Pointer, value: Json, around: tuple[Pointer, ...]) -> Json:
        if key in _VALUES:
            return value
        if key in _BY_NAME and isinstance(value, dict):
            return {name: self.schema((*at, name), around) for name in value}
        if isinstance(value, list):
            return [self.schema((*at, str(n)), around) for n in range(len(value))]
        return self.schema(at, around) if isinstance(value, dict) else value
