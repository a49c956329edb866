"""The ways in which schemas can hold together: references followed, alternatives chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from forecourt.contract.dialect import name_in
from forecourt.contract.keywords import TYPES
from forecourt.contract.sampling.choices import Choices
from forecourt.contract.sampling.conjunction import Conjunction, Node, kinds_of
from forecourt.contract.sampling.naming import naming
from forecourt.contract.values import Json, Pointer, child

# Twenty alternatives that hold twenty each: nobody waits for all of them.
MOST_EXPANSIONS = 300

# Of more alternatives it is not tried to make one alone hold: the pairs are too many.
MOST_TOLD_APART = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fork:
    """One of these sets of schemas must hold."""

    alternatives: tuple[tuple[Node, ...], ...]


_Pending: TypeAlias = Node | _Fork


def expansions(
    definitions: Mapping[str, Json], nodes: tuple[Node, ...], choices: Choices, *, null_first: bool
) -> Iterator[Conjunction]:
    """Ways in which the schemas can all hold, by type at least; what was chosen first comes first.

    An alternative that is null comes last, unless `null_first`. What `not` and `if` exclude is
    only partly looked at, and that exactly one of `oneOf` holds is not: a value has to be judged.
    """
    expander = _Expander(definitions=definitions, choices=choices, null_first=null_first)
    yield from expander.ways(nodes, (), frozenset(TYPES), frozenset())


def resolved(definitions: Mapping[str, Json], node: Node) -> Node:
    """The schema that a schema which is only a reference stands for."""
    seen = set()
    while isinstance(node.schema, dict) and "$ref" in node.schema:
        reference = cast(str, node.schema["$ref"])
        if reference in seen:
            return node
        seen.add(reference)
        node = _referred(definitions, reference)
    return node


def _referred(definitions: Mapping[str, Json], reference: str) -> Node:
    name = name_in(reference)
    return Node(schema=definitions[name], at=("$defs", name))


@dataclass(slots=True)
class _Expander:
    definitions: Mapping[str, Json]
    choices: Choices
    null_first: bool
    left: int = MOST_EXPANSIONS

    def ways(
        self,
        pending: tuple[_Pending, ...],
        done: tuple[Node, ...],
        kinds: frozenset[str],
        seen: frozenset[Pointer],
    ) -> Iterator[Conjunction]:
        """`done` hold already, and leave `kinds`; what was `seen` is not taken up again."""
        while pending:
            first, *rest = pending
            pending = tuple(rest)
            if isinstance(first, _Fork):
                for alternative in first.alternatives:
                    if self.left <= 0:
                        return
                    yield from self.ways((*alternative, *pending), done, kinds, seen)
                return
            if first.at is not None:
                if first.at in seen:
                    continue
                seen |= {first.at}
            kinds &= kinds_of(first.schema)
            if first.schema is False or not kinds:
                self.left -= 1
                return
            if isinstance(first.schema, dict):
                done = (*done, first)
                pending = (*self._also(first, first.schema), *_named(first.schema, done), *pending)
        self.left -= 1
        yield Conjunction(nodes=done)

    def _also(self, node: Node, schema: dict[str, Json]) -> Iterator[_Pending]:
        """What must hold besides the keywords of a schema itself."""
        if "$ref" in schema:
            yield _referred(self.definitions, cast(str, schema["$ref"]))
        for number in _numbers(schema.get("allOf")):
            yield node.inside("allOf", number)
        if "not" in schema:
            yield from _without(schema["not"])
        for keyword in ("oneOf", "anyOf"):
            if keyword in schema:
                yield self._one_of(node, keyword)
        if "if" in schema and ("then" in schema or "else" in schema):
            then = [node.inside("then")] if "then" in schema else []
            other = [node.inside("else")] if "else" in schema else []
            yield _Fork(alternatives=((node.inside("if"), *then), tuple(other)))
        for name in cast(dict[str, Json], schema.get("dependentSchemas", {})):
            depending = node.inside("dependentSchemas", name)
            yield _Fork(alternatives=((depending,), (_absent(name),)))

    def _one_of(self, node: Node, keyword: str) -> _Fork:
        schema = cast(dict[str, Json], node.schema)
        alternatives = [node.inside(keyword, number) for number in _numbers(schema[keyword])]
        begin = self.choices.among(len(alternatives), node.at, keyword)
        rotated = [*alternatives[begin:], *alternatives[:begin]]
        rotated.sort(key=lambda node: self._is_null(node) is not self.null_first)
        ways: list[tuple[Node, ...]] = [(node,) for node in rotated]
        if keyword == "oneOf" and len(ways) <= MOST_TOLD_APART:
            ways += [alone for node in rotated if (alone := self._alone(node, rotated))]
        named = [(*way, says) for way in ways if (says := _name(schema, way[-1])) is not None]
        return _Fork(alternatives=(*named, *ways))

    def _alone(self, node: Node, others: list[Node]) -> tuple[Node, ...]:
        """One of several objects, with a property that is wrong in each other; or nothing.

        Where objects allow properties that they do not declare, this alone tells them apart.
        """
        own = self._properties(node)
        wrong: list[Node] = []
        for other in others:
            if other.at == node.at:
                continue
            for name, schema in self._properties(other).items():
                kinds = [k for k in TYPES if k not in kinds_of(schema)]
                if kinds and name not in own:
                    typed: Json = {name: {"type": cast(Json, kinds)}}
                    wrong.append(Node(schema={"properties": typed, "required": [name]}))
                    break
            else:
                return ()
        return (*wrong, node)

    def _properties(self, node: Node) -> dict[str, Json]:
        schema = resolved(self.definitions, node).schema
        found = schema.get("properties") if isinstance(schema, dict) else None
        return found if isinstance(found, dict) else {}

    def _is_null(self, node: Node) -> bool:
        return kinds_of(resolved(self.definitions, node).schema) == {"null"}


def _name(schema: Json, alternative: Node) -> Node | None:
    """What the value of an alternative calls itself, if that is a reference."""
    reference = child(alternative.schema, "$ref")
    return naming(schema, (name_in(reference),)) if isinstance(reference, str) else None


def _named(schema: dict[str, Json], done: tuple[Node, ...]) -> Iterator[_Fork]:
    """What a value calls itself by a schema that others are made of: its outermost schema's name,
    unless that leads to nothing."""
    if "oneOf" in schema or "anyOf" in schema:
        return
    names = [node.at[1] for node in done if node.at is not None and len(node.at) == 2]
    components = [name for name in names if name.startswith("components/schemas/")]
    if (says := naming(schema, components)) is not None:
        yield _Fork(alternatives=((says,), ()))


def _numbers(schemas: Json) -> list[str]:
    return [str(number) for number in range(len(schemas))] if isinstance(schemas, list) else []


def _absent(name: str) -> Node:
    return Node(schema={"properties": {name: False}})


def _without(schema: Json) -> Iterator[_Pending]:
    """What keeps a value off a schema that must not hold, where that is easy to say."""
    if not isinstance(schema, dict):
        return
    if kinds_of(schema) != frozenset(TYPES) and set(schema) <= {"type", "description"}:
        others = [kind for kind in TYPES if kind not in kinds_of(schema)]
        yield Node(schema={"type": cast(Json, others)} if others else False)
    if required := schema.get("required"):
        names = cast(list[str], required)
        # Without one of them it does not hold.
        yield _Fork(alternatives=(*((_absent(n),) for n in reversed(names)), ()))
    for inner in cast(list[Json], schema.get("anyOf", [])):
        yield from _without(inner)
