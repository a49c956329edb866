"""An object for which schemas hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from forecourt.contract.sampling.conjunction import Conjunction, Node
from forecourt.contract.sampling.making import Maker, NoValue, Spot, place_in
from forecourt.contract.sampling.texts import TextDemands, matches, text
from forecourt.contract.values import Json

MOST_PROPERTIES = 1_000


def object_(maker: Maker, together: Conjunction, spot: Spot) -> dict[str, Json]:
    """What is required, and of the rest what can be shown. Raises NoValue."""
    return _Object(maker, together, spot).made()


class _Object:
    def __init__(self, maker: Maker, together: Conjunction, spot: Spot) -> None:
        self._maker = maker
        self._together = together
        self._spot = spot
        self._least = together.least("minProperties")
        self._most = together.most("maxProperties")
        self._properties: dict[str, Json] = {}
        mappings = cast(list[dict[str, Json]], together.said("properties"))
        self._declared = tuple(dict.fromkeys(name for m in mappings for name in m))

    def made(self) -> dict[str, Json]:
        lists = cast(list[list[str]], self._together.said("required"))
        required = self._with_dependent(name for names in lists for name in names)
        if self._least > MOST_PROPERTIES or not self._have_room(required):
            raise NoValue(place_in(self._together), "so many properties are not made")
        for name in required:
            self._add(name)
        if not self._spot.shows_only_required:
            for name in self._declared:
                if not self._maker.has_room():
                    break
                if name not in self._properties and self._is_shown(name):
                    self._try_adding(name)
            if not self._declared and not self._properties and self._says_what_else_is():
                self._try_adding_one(self._further_names())
        self._fill()
        order = [n for n in self._declared if n in self._properties]
        return {name: self._properties[name] for name in dict.fromkeys([*order, *self._properties])}

    # --- adding -----------------------------------------------------------------------------------

    def _add(self, name: str) -> None:
        if name not in self._properties:
            nodes = self._schemas_of(name)
            self._properties[name] = self._maker.value(nodes, self._spot.inside(name))

    def _try_adding(self, name: str) -> bool:
        """With all that must come with it, or not at all."""
        names = [n for n in self._with_dependent([name]) if n not in self._properties]
        if not self._have_room([*self._properties, *names]):
            return False
        before = dict(self._properties)
        try:
            for each in names:
                self._add(each)
        except NoValue:
            self._properties = before
            return False
        return True

    def _try_adding_one(self, names: Iterable[str]) -> bool:
        return any(
            name not in self._properties and self._is_shown(name) and self._try_adding(name)
            for name in names
        )

    def _fill(self) -> None:
        """Properties that nobody asked for by name, until there are enough."""
        while len(self._properties) < self._least:
            names = [n for n in self._declared if n not in self._properties]
            added = any(self._try_adding(n) for n in names) or any(
                self._try_adding(n) for n in self._further_names() if n not in self._properties
            )
            if not added:
                reason = f"{self._least} properties were not found"
                raise NoValue(place_in(self._together), reason)

    def _have_room(self, names: Iterable[str]) -> bool:
        return self._most is None or len(set(names)) <= self._most

    def _is_shown(self, name: str) -> bool:
        nodes = self._schemas_of(name)
        return not self._maker.is_hidden(nodes) and not self._maker.repeats(nodes, self._spot)

    # --- names ------------------------------------------------------------------------------------

    def _with_dependent(self, names: Iterable[str]) -> list[str]:
        """The names, and those that must be there with them (`dependentRequired`)."""
        rules = cast(list[dict[str, list[str]]], self._together.said("dependentRequired"))
        wanted = list(dict.fromkeys(names))
        for name in wanted:  # which grows
            for rule in rules:
                wanted += [n for n in rule.get(name, ()) if n not in wanted]
        return wanted

    def _says_what_else_is(self) -> bool:
        others = [*self._together.said("additionalProperties")]
        return any(isinstance(o, dict) and o for o in others) or any(
            self._together.said("patternProperties")
        )

    def _further_names(self) -> Iterator[str]:
        """Names that are not declared: of patterns, of `propertyNames`, and any."""
        spot = self._spot.inside("")
        rules = tuple(n.inside("propertyNames") for n, _ in self._together.having("propertyNames"))
        for turn in range(len(self._properties) + 3):
            for patterns in cast(list[dict[str, Json]], self._together.said("patternProperties")):
                for pattern in patterns:
                    demands = TextDemands(patterns=(pattern,))
                    if (name := text(demands, spot.choices.turned(turn))) is not None:
                        yield name
            if rules:
                try:
                    made = self._maker.value((*rules, _A_TEXT), self._spot.inside("", turn=turn))
                except NoValue:
                    continue
                yield str(made)
            else:
                yield "key" if turn == 0 else f"key{turn + 1}"

    def _schemas_of(self, name: str) -> tuple[Node, ...]:
        nodes: list[Node] = []
        for node in self._together.nodes:
            assert isinstance(node.schema, dict)
            declared = node.schema.get("properties")
            is_declared = isinstance(declared, dict) and name in declared
            found = [("properties", name)] if is_declared else []
            for pattern in _keys(node.schema, "patternProperties"):
                if matches(pattern, name):
                    found.append(("patternProperties", pattern))
            nodes += [node.inside(*steps) for steps in found]
            if not found and "additionalProperties" in node.schema:
                nodes.append(node.inside("additionalProperties"))
        if not nodes:
            others = self._together.having("unevaluatedProperties")
            nodes = [node.inside("unevaluatedProperties") for node, _ in others]
        return tuple(nodes)


_A_TEXT = Node(schema={"type": "string"})


def _keys(schema: dict[str, Json], keyword: str) -> tuple[str, ...]:
    found = schema.get(keyword)
    return tuple(found) if isinstance(found, dict) else ()
