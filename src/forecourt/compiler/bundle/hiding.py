"""What a schema hides of a value, by name, by pattern and by item, and what is further in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

from forecourt.compiler.bundle.projection import View, is_withheld
from forecourt.compiler.bundle.references import References
from forecourt.contract.openapi_3_0 import Dialect, plainly
from forecourt.contract.references import reference_of
from forecourt.contract.sight import Sight
from forecourt.contract.values import Json, Pointer, child, descend


class Cut(IntEnum):
    """Whether a schema is there for the audience."""

    NOT = 0
    # It is a hidden choice: its names and its values are hidden.
    CHOICE = 1
    # It is hidden with what is around it, or what it demands is: its names are hidden.
    WITH_OTHERS = 2
    # It is a property of a hidden choice: its only value tells that choice from others.
    TAG = 3
    # No schema: a `discriminator`, and its `mapping`.
    DISCRIMINATOR = 4
    MAPPING = 5


# A schema by its place. Everything that is said of the same value goes by such nodes.
Node = tuple[Pointer, Cut]


class Around(Protocol):
    """What is needed of the compilation around it."""

    document: Json
    view: View
    dialect: Dialect
    references: References
    sight: Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one schema says of some members or items: that they are hidden, and what is in them."""

    is_hidden: bool
    inner: tuple[Node, ...]


@dataclass(slots=True, kw_only=True)
class Reading:
    """What one schema hides of a value: by name, by pattern, all others; items; values."""

    names: dict[str, Part] = field(default_factory=dict)
    patterns: dict[str, Part] = field(default_factory=dict)
    members: Part | None = None
    first: list[Part] = field(default_factory=list)
    items: Part | None = None
    values: list[Json] = field(default_factory=list)
    fallback: Json = None

    def parts(self) -> Iterator[Part]:
        yield from self.names.values()
        yield from self.patterns.values()
        yield from self.first
        yield from (part for part in (self.members, self.items) if part is not None)

    def hides(self) -> bool:
        return bool(self.values) or any(part.is_hidden for part in self.parts())


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads the schemas of one document, for one view."""

    around: Around

    # --- what is said of the same value -----------------------------------------------------------

    def sure(self, schema: dict[str, Json], node: Node) -> Iterator[Node]:
        """The schemas in it that all count."""
        at, cut = node
        if isinstance(reference := schema.get("$ref"), str):
            target = self.around.references.target(reference)
            if target is not None:
                yield target, cut
        parts = schema.get("allOf")
        for number, part in enumerate(parts if isinstance(parts, list) else ()):
            yield (*at, "allOf", str(number)), self._cut(part, cut)

    def perhaps(self, schema: dict[str, Json], node: Node) -> Iterator[Node]:
        """The schemas in it that need not hold."""
        at, cut = node
        for keyword in ("anyOf", "oneOf"):
            listed = schema.get(keyword)
            for number, part in enumerate(listed if isinstance(listed, list) else ()):
                yield (*at, keyword, str(number)), self._cut(part, cut, Cut.CHOICE)
        for keyword in ("not", "if", "then", "else"):
            if keyword in schema:
                yield (*at, keyword), self._cut(schema[keyword], cut)
        for keyword in ("dependentSchemas", "dependencies"):
            by_name = schema.get(keyword)
            for name, part in by_name.items() if isinstance(by_name, dict) else ():
                yield (*at, keyword, name), self._cut(part, cut)
        if isinstance(schema.get("discriminator"), dict):
            yield (*at, "discriminator"), Cut.DISCRIMINATOR

    def _cut(self, schema: Json, around: Cut, own: Cut = Cut.WITH_OTHERS) -> Cut:
        return around or (own if self.around.sight.hides_schema(schema) else Cut.NOT)

    def whole(self, nodes: Iterable[Node]) -> tuple[Node, ...]:
        """These, and all that they have for the same value."""
        found: dict[Node, None] = {}
        waiting = list(nodes)
        while waiting:
            node = waiting.pop()
            if node not in found:
                found[node] = None
                if (schema := self._schema(node)) is not None:
                    waiting += [*self.sure(schema, node), *self.perhaps(schema, node)]
        return tuple(found)

    def _schema(self, node: Node) -> dict[str, Json] | None:
        if node[1] in (Cut.DISCRIMINATOR, Cut.MAPPING):
            return None
        schema = descend(self.around.document, node[0])
        return plainly(schema, self.around.dialect) if isinstance(schema, dict) else None

    # --- what one schema hides --------------------------------------------------------------------

    def read(self, node: Node) -> Reading:
        """What one schema hides, itself."""
        schema, (at, cut) = self._schema(node), node
        reading = Reading()
        if schema is None:
            self._read_discriminator(reading, node)
            return reading
        properties = schema.get("properties")
        for name, inner in properties.items() if isinstance(properties, dict) else ():
            is_hidden = bool(cut) or is_withheld(self.around.sight, inner, self.around.view)
            inside = Cut.TAG if cut is Cut.CHOICE else Cut.WITH_OTHERS
            part = self._part((*at, "properties", name), is_hidden, inside=inside)
            reading.names[name] = part
        patterns = schema.get("patternProperties")
        for pattern, inner in patterns.items() if isinstance(patterns, dict) else ():
            is_hidden = bool(cut) or self.around.sight.hides_schema(inner)
            reading.patterns[pattern] = self._part((*at, "patternProperties", pattern), is_hidden)
        reading.members = self._rest(
            schema, node, ("additionalProperties", "unevaluatedProperties")
        )
        for keyword in ("prefixItems", "items"):
            listed = schema.get(keyword)
            for number, inner in enumerate(listed if isinstance(listed, list) else ()):
                is_hidden = not cut and self.around.sight.hides_schema(inner)
                place = (*at, keyword, str(number))
                inner_cut = Cut.WITH_OTHERS if cut or is_hidden else Cut.NOT
                inside_nodes = self.whole([(place, inner_cut)])
                reading.first.append(Part(is_hidden=is_hidden, inner=inside_nodes))
        reading.items = self._rest(schema, node, ("items", "additionalItems", "unevaluatedItems"))
        self._read_values(reading, schema, cut)
        return reading

    def _rest(self, schema: dict[str, Json], node: Node, keywords: tuple[str, ...]) -> Part | None:
        """What is said of the members or items that are not named: a hidden whole names none."""
        at, cut = node
        written = {k: schema[k] for k in keywords if isinstance(schema.get(k), dict)}
        if not written:
            return None
        hidden = [not cut and self.around.sight.hides_schema(inner) for inner in written.values()]
        nodes = [
            ((*at, keyword), Cut.WITH_OTHERS if cut or is_hidden else Cut.NOT)
            for keyword, is_hidden in zip(written, hidden, strict=True)
        ]
        return Part(is_hidden=any(hidden), inner=self.whole(nodes))

    def _part(self, at: Pointer, is_hidden: bool, *, inside: Cut = Cut.WITH_OTHERS) -> Part:
        cut = inside if is_hidden else Cut.NOT
        return Part(is_hidden=is_hidden, inner=self.whole([(at, cut)]))

    def _read_values(self, reading: Reading, schema: dict[str, Json], cut: Cut) -> None:
        if cut is Cut.NOT:
            reading.values = self.around.sight.choices(schema)[1]
            reading.fallback = schema.get("x-enum-fallback")
        elif cut is Cut.CHOICE:
            listed = schema.get("enum")
            reading.values = [*listed] if isinstance(listed, list) else []
            if "const" in schema:
                reading.values.append(schema["const"])
        elif cut is Cut.TAG:
            listed = [schema["const"]] if "const" in schema else schema.get("enum")
            if isinstance(listed, list) and len(listed) == 1 and isinstance(listed[0], str):
                reading.values = listed

    def _read_discriminator(self, reading: Reading, node: Node) -> None:
        """What a value says that means a hidden choice is hidden, too."""
        at, cut = node
        written = descend(self.around.document, at)
        name = child(written, "propertyName")
        if cut is Cut.DISCRIMINATOR and isinstance(name, str):
            inner = ((*at, "mapping"), Cut.MAPPING)
            reading.names[name] = Part(is_hidden=False, inner=(inner,))
        elif cut is Cut.MAPPING:
            schema = descend(self.around.document, at[:-2])
            reading.values = [*sorted(self._hidden_tags(schema, written))]

    def _hidden_tags(self, schema: Json, mapping: Json) -> Iterator[str]:
        for value, target in mapping.items() if isinstance(mapping, dict) else ():
            named = (target, f"#/components/schemas/{target}") if isinstance(target, str) else ()
            places = [self.around.references.target(reference) for reference in named]
            if any(at is not None and self._is_hidden_at(at) for at in places):
                yield value
        for keyword in ("anyOf", "oneOf"):
            listed = child(schema, keyword)
            for part in listed if isinstance(listed, list) else ():
                reference = reference_of(part)
                if reference is not None and self.around.sight.hides_schema(part):
                    yield reference.rpartition("/")[2]

    def _is_hidden_at(self, at: Pointer) -> bool:
        sight = self.around.sight
        return sight.hides_place(at) or sight.hides_schema(descend(self.around.document, at))
