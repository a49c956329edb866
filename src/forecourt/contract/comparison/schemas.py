"""Two schemas compared, with all that they lead to: each pair of them once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from forecourt.contract.comparison.alternatives import Alternating
from forecourt.contract.comparison.arrays import arrays
from forecourt.contract.comparison.bounds import bounds
from forecourt.contract.comparison.catalogue import BY_ID
from forecourt.contract.comparison.choices import choices
from forecourt.contract.comparison.composition import composition, discriminators
from forecourt.contract.comparison.difference import Difference, Found, Pair, Step
from forecourt.contract.comparison.objects import objects
from forecourt.contract.comparison.remarks import remarks
from forecourt.contract.comparison.shaping import Shaping
from forecourt.contract.comparison.side import Parts, Side
from forecourt.contract.comparison.texts import texts
from forecourt.contract.comparison.types import are_apart, types
from forecourt.contract.comparison.verdict import Verdict
from forecourt.contract.one_sided import Direction

# Alternatives within alternatives are asked about so deep; further in, they are taken to differ.
_DEEPEST = 24
# An alternative is compared with others by so many pairs of schemas; beyond, it is taken to differ.
_MOST_NODES = 2_000


class Key(NamedTuple):
    """Two schemas, which way values of them go, and whether they are written as text."""

    old: Parts
    new: Parts
    direction: Direction
    is_text: bool = False


@dataclass(slots=True, kw_only=True)
class Node:
    """What differs between two schemas themselves, and the pairs within: by the steps there."""

    differences: tuple[Difference, ...] = ()
    steps: tuple[tuple[str, Key], ...] = ()


@dataclass(slots=True, kw_only=True)
class Schemas:
    """Compares the schemas of two sides. A pair that is met again is not compared again."""

    old: Side
    new: Side
    _nodes: dict[Key, Node] = field(default_factory=dict)
    _harms: dict[tuple[Parts, Parts, Direction], bool] = field(default_factory=dict)
    _depth: int = 0
    _old_shapes: Shaping = field(init=False)
    _new_shapes: Shaping = field(init=False)
    _alternating: Alternating = field(init=False)

    def __post_init__(self) -> None:
        self._old_shapes = Shaping(side=self.old)
        self._new_shapes = Shaping(side=self.new)
        self._alternating = Alternating(
            old=self.old,
            new=self.new,
            harms=self.harms,
            old_shapes=self._old_shapes,
            new_shapes=self._new_shapes,
        )

    def node(self, key: Key) -> Node:
        """What differs between two schemas themselves; one that is being compared does not."""
        known = self._nodes.get(key)
        if known is None:
            known = self._nodes[key] = Node()
            found = tuple(self._found(key))
            known.differences = tuple(dict.fromkeys(f for f in found if isinstance(f, Difference)))
            known.steps = tuple(
                (f.name, self.key(Key(f.old, f.new, key.direction, key.is_text)))
                for f in found
                if isinstance(f, Step)
            )
        return known

    def key(self, written: Key) -> Key:
        """The same pair past references, so that what is shared is compared once."""
        return written._replace(
            old=self.old.past_references(written.old), new=self.new.past_references(written.new)
        )

    def harms(self, old: Parts, new: Parts, direction: Direction) -> bool:
        """Whether anything that differs between two schemas, or within, is not safe this way."""
        asked = (old, new, direction)
        known = self._harms.get(asked)
        if known is None:
            if self._depth >= _DEEPEST:
                return True
            self._depth += 1
            known = self._harms[asked] = self._asks(self.key(Key(old, new, direction)))
            self._depth -= 1
        return known

    def _asks(self, start: Key) -> bool:
        waiting, been = [start], {start}
        while waiting:
            node = self.node(waiting.pop())
            if any(BY_ID[d.kind].verdict is not Verdict.SAFE for d in node.differences):
                return True
            for _, key in node.steps:
                if key not in been:
                    been.add(key)
                    waiting.append(key)
            if len(been) > _MOST_NODES:
                return True
        return False

    def _found(self, key: Key) -> Iterator[Found]:
        old = self._old_shapes.shape(key.old, key.direction)
        new = self._new_shapes.shape(key.new, key.direction)
        pair = Pair(old=old, new=new, direction=key.direction, is_text=key.is_text)
        if old.is_bare and new.is_bare:
            yield from remarks(pair)
            return
        yield from types(pair)
        yield from remarks(pair)
        if not pair.is_one_of_several:
            if are_apart(pair):
                return
            yield from choices(pair)
            yield from bounds(pair)
            yield from texts(pair)
            yield from objects(pair)
            yield from arrays(pair, self.harms)
            yield from composition(pair, self.harms)
        yield from discriminators(pair)
        yield from self._alternating.compared(pair, key.old, key.new)
