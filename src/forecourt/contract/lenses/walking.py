"""From the schemas of a body, and the lenses at their places, to a program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from forecourt.contract.lenses.alternatives import choice, overlapping
from forecourt.contract.lenses.placing import Placed, Placing
from forecourt.contract.lenses.program import Node, NodeNumber, Program
from forecourt.contract.lenses.schemas import Parts, Schemas, name_of
from forecourt.contract.lenses.steps import Step
from forecourt.contract.values import Pointer

Steps = Callable[[Iterable[Placed]], tuple[Step, ...]]


@dataclass(frozen=True, slots=True)
class Untold:
    """Alternatives of which nothing tells the ones where lenses work from the others."""

    at: Pointer


@dataclass(slots=True, kw_only=True)
class Walk:
    """Makes the programs of one contract's bodies, in one direction.

    `steps` says whether it goes up or down. `untold` grows.
    """

    schemas: Schemas
    placing: Placing
    steps: Steps
    untold: list[Untold] = field(default_factory=list)
    _touched: dict[Pointer, bool] = field(default_factory=dict)
    _building: _Building = field(init=False)

    def __post_init__(self) -> None:
        self._building = _Building(walk=self)

    def program(self, starts: Parts, name: str, whole: tuple[Step, ...] = ()) -> Program | None:
        """What becomes of a body; None: nothing.

        `name` is that of its operation, whose lenses work in the body itself; `whole` comes last.
        """
        own = self.placing.within((name,))
        if not own and not whole and not self.touches(starts):
            return None
        root = self._building.value(starts, frozenset(), own, whole)
        return reached(self._building.finished(), root)

    def touches(self, starts: Iterable[Pointer]) -> bool:
        """Whether a lens works in such a value, or anywhere within it."""
        return any(self._is_touched(at) for at in starts)

    def _is_touched(self, start: Pointer) -> bool:
        if (known := self._touched.get(start)) is not None:
            return known
        seen = {start}
        waiting = [start]
        found = False
        while waiting and not found:
            at = waiting.pop()
            name = name_of(at)
            found = (name is not None and name in self.placing.by_name) or (
                self._touched.get(at) is True
            )
            for inner in inside(self.schemas, at):
                if inner not in seen:
                    seen.add(inner)
                    waiting.append(inner)
        self._touched[start] = found
        return found


def inside(schemas: Schemas, at: Pointer) -> Iterator[Pointer]:
    """The schemas that say something of a value, or of one within it."""
    yield from schemas.together((at,))
    yield from schemas.alternatives(at)
    yield from schemas.children(at)
    for members in schemas.members((at,)).values():
        yield from members
    yield from schemas.other_members((at,))
    yield from schemas.item_schemas((at,))
    yield from schemas.leading_items((at,))


@dataclass(slots=True, kw_only=True)
class _Building:
    """The nodes of all programs. A value that is met again is the same node."""

    walk: Walk
    nodes: dict[NodeNumber, Node] = field(default_factory=dict)
    known: dict[object, NodeNumber] = field(default_factory=dict)
    waiting: list[tuple[NodeNumber, Callable[[], Node]]] = field(default_factory=list)

    def finished(self) -> Mapping[NodeNumber, Node]:
        """All nodes; a chain of schemas may be longer than Python can go down."""
        while self.waiting:
            number, make = self.waiting.pop()
            self.nodes[number] = make()
        return self.nodes

    def value(
        self,
        starts: Parts,
        resolved: frozenset[Pointer] = frozenset(),
        own: tuple[Placed, ...] = (),
        whole: tuple[Step, ...] = (),
    ) -> NodeNumber:
        numbers = tuple(placed.number for placed in own)
        key = (frozenset(starts), resolved, numbers, whole)
        if (known := self.known.get(key)) is not None:
            return known
        number = self.known[key] = len(self.known)
        self.waiting.append((number, lambda: self._node(starts, resolved, own, whole)))
        return number

    def _node(
        self,
        starts: Parts,
        resolved: frozenset[Pointer],
        own: tuple[Placed, ...],
        whole: tuple[Step, ...],
    ) -> Node:
        schemas = self.walk.schemas
        while True:
            parts = schemas.together(starts)
            at = next((p for p in parts if p not in resolved and self._is_choice(p)), None)
            if at is None:
                return self._plain(parts, own, whole)
            resolved |= {at}
            listed = schemas.alternatives(at)
            live = [a for a in listed if self.walk.touches((a,))]
            if not live and listed:
                continue
            if listed and not overlapping(schemas, listed, live):
                starts = (*starts, *live)
                continue
            told = choice(schemas, at)
            if told is None:
                self.walk.untold.append(Untold(at))
                continue
            member, words = told
            nodes = {
                word: self.value((*starts, inner), resolved, own, whole)
                for word, inner in words.items()
            }
            return Node(by=(member, nodes))

    def _is_choice(self, at: Pointer) -> bool:
        schemas = self.walk.schemas
        return bool(schemas.alternatives(at)) or self.walk.touches(schemas.children(at))

    def _plain(self, parts: Parts, own: tuple[Placed, ...], whole: tuple[Step, ...]) -> Node:
        schemas, walk = self.walk.schemas, self.walk
        names = [name for at in parts if (name := name_of(at)) is not None]
        placed = {p.number: p for p in (*own, *walk.placing.within(names))}
        leading = schemas.leading_items(parts)
        others, items = schemas.other_members(parts), schemas.item_schemas(parts)
        return Node(
            members=self._members(schemas.members(parts)),
            others=self._within(others),
            leading=tuple(self._within((at,)) for at in leading) if walk.touches(leading) else (),
            items=self._within(items),
            steps=(*walk.steps(placed[n] for n in sorted(placed)), *whole),
        )

    def _members(self, members: Mapping[str, Parts]) -> dict[str, NodeNumber]:
        found = ((name, self._within(starts)) for name, starts in sorted(members.items()))
        return {name: number for name, number in found if number is not None}

    def _within(self, starts: Parts) -> NodeNumber | None:
        return self.value(starts) if self.walk.touches(starts) else None


def reached(nodes: Mapping[NodeNumber, Node], root: NodeNumber) -> Program:
    """The program of the nodes that a root leads to, numbered as they are met."""
    numbers = {root: 0}
    order = [root]
    for number in order:  # grows on the way
        for inner in _inner(nodes[number]):
            if inner not in numbers:
                numbers[inner] = len(order)
                order.append(inner)
    return Program(nodes=tuple(_renumbered(nodes[n], numbers) for n in order), root=0)


def _inner(node: Node) -> Iterator[NodeNumber]:
    yield from node.members.values()
    yield from (n for n in (node.others, *node.leading, node.items) if n is not None)
    if node.by is not None:
        yield from node.by[1].values()


def _renumbered(node: Node, numbers: Mapping[NodeNumber, NodeNumber]) -> Node:
    return Node(
        members={name: numbers[n] for name, n in node.members.items()},
        others=None if node.others is None else numbers[node.others],
        leading=tuple(None if n is None else numbers[n] for n in node.leading),
        items=None if node.items is None else numbers[node.items],
        by=None
        if node.by is None
        else (node.by[0], {word: numbers[n] for word, n in node.by[1].items()}),
        steps=node.steps,
    )
