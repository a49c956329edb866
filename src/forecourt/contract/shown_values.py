"""Examples and defaults without what an audience does not see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from forecourt.contract.references import reference_of
from forecourt.contract.sight import Sight
from forecourt.contract.values import Json, child
from forecourt.contract.words import Words, mentions, names_in


class Unshown(Exception):
    """A value cannot be shown without what is hidden in it."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A schema that may speak of a value, and whether the audience sees it."""

    schema: dict[str, Json]
    is_hidden: bool


@dataclass(slots=True, kw_only=True)
class ShownValues:
    """Takes out of values what the schemas beside them hide."""

    sight: Sight
    # By the identity of a schema: the words of all that it leads to.
    _words: dict[int, Words] = field(default_factory=dict)

    def shown(self, value: Json, schema: Json) -> Json:
        """The value without members that are hidden. Raises `Unshown` where more would remain.

        A member that one part of the schema shows and another hides is hidden. Where alternatives
        are hidden, nobody can say whether the value is one of those.
        """
        if not self.hides_anything(schema):
            return value
        left = self._shown(value, [schema])
        if mentions(left, self._words_of(schema).secret):
            raise Unshown
        return left

    def hides_anything(self, schema: Json) -> bool:
        """Whether anything that the schema leads to is hidden."""
        return id(schema) in self.sight.leads_to_hidden

    def _shown(self, value: Json, schemas: Iterable[Json]) -> Json:
        schemas = tuple(schemas)
        parts = list(self._parts(schemas))
        if any(map(self.sight.hides_schema, schemas)):
            raise Unshown
        if any(self._hides_alternatives(part.schema) for part in parts):
            raise Unshown
        if isinstance(value, list):
            return [self._shown(v, _items(parts, n)) for n, v in enumerate(value)]
        if isinstance(value, dict):
            return {
                key: self._shown(inner, _members(parts, key))
                for key, inner in value.items()
                if not any(self._hides_member(part, key) for part in parts)
            }
        if any(value in self.sight.choices(part.schema)[1] for part in parts):
            raise Unshown
        return value

    def _hides_alternatives(self, schema: dict[str, Json]) -> bool:
        listed = (schema.get(keyword) for keyword in ("anyOf", "oneOf"))
        return any(
            self.sight.hides_schema(branch)
            for branches in listed
            if isinstance(branches, list)
            for branch in branches
        )

    def _hides_member(self, part: _Part, key: str) -> bool:
        declared = child(part.schema.get("properties"), key)
        return declared is not None and (part.is_hidden or self.sight.hides_schema(declared))

    def _parts(self, schemas: Iterable[Json]) -> Iterator[_Part]:
        """The schemas and those that speak of the same value, hidden ones too."""
        waiting = [(schema, False) for schema in schemas]
        seen: set[tuple[int, bool]] = set()
        while waiting:
            schema, is_hidden = waiting.pop()
            if not isinstance(schema, dict):
                continue
            is_hidden = is_hidden or self.sight.hides_schema(schema)
            if (id(schema), is_hidden) in seen:
                continue
            seen.add((id(schema), is_hidden))
            yield _Part(schema, is_hidden)
            waiting += ((inner, is_hidden) for inner in self._same_value(schema))

    def _same_value(self, schema: dict[str, Json]) -> Iterator[Json]:
        yield self.sight.referred(schema)
        for keyword in ("allOf", "anyOf", "oneOf"):
            if isinstance(listed := schema.get(keyword), list):
                yield from listed
        yield from (schema.get(keyword) for keyword in ("if", "then", "else"))
        if isinstance(dependents := schema.get("dependentSchemas"), dict):
            yield from dependents.values()

    def _words_of(self, schema: Json) -> Words:
        """The words of everything that a schema leads to."""
        known = self._words.get(id(schema))
        if known is None:
            known = self._words[id(schema)] = self._found_words(schema)
        return known

    def _found_words(self, schema: Json) -> Words:
        words = Words()
        waiting, seen = [schema], set[int]()
        while waiting:
            value = waiting.pop()
            if isinstance(value, list):
                waiting += value
            if not isinstance(value, dict) or id(value) in seen:
                continue
            seen.add(id(value))
            if self.sight.hides_schema(value):
                words.hidden.update(names_in(value), _names_beyond(self.sight, value))
                continue
            self._note(value, words)
            waiting += (v for v in value.values() if isinstance(v, dict | list))
            waiting.append(self.sight.referred(value))
        return words

    def _note(self, schema: dict[str, Json], words: Words) -> None:
        words.hidden.update(v for v in self.sight.choices(schema)[1] if isinstance(v, str))
        declared = schema.get("properties")
        for name, inner in declared.items() if isinstance(declared, dict) else ():
            if self.sight.hides_schema(inner):
                words.hide(name, inner)
            else:
                words.seen.add(name)


def _names_beyond(sight: Sight, schema: Json) -> Iterator[str]:
    """The names of what a hidden schema refers to."""
    seen: set[int] = set()
    while reference_of(schema) is not None and id(schema) not in seen:
        seen.add(id(schema))
        schema = sight.referred(schema)
        yield from names_in(schema)


def _items(parts: Iterable[_Part], index: int) -> Iterator[Json]:
    for part in parts:
        if not part.is_hidden:
            first = child(part.schema.get("prefixItems"), str(index))
            yield part.schema.get("items") if first is None else first
            yield from (part.schema.get(k) for k in ("unevaluatedItems", "contains"))


def _members(parts: Iterable[_Part], key: str) -> Iterator[Json]:
    for part in parts:
        if not part.is_hidden:
            declared = child(part.schema.get("properties"), key)
            yield declared
            if declared is None:
                yield from (
                    part.schema.get(k) for k in ("additionalProperties", "unevaluatedProperties")
                )
            patterns = part.schema.get("patternProperties")
            yield from patterns.values() if isinstance(patterns, dict) else ()
