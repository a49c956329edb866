"""From the bodies and parameters of operations to the differences that lie within."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from forecourt.contract.comparison.met import Seen, Start, Told
from forecourt.contract.comparison.schemas import Key, Node, Schemas


@dataclass(slots=True, kw_only=True)
class Reaching:
    """What the schemas of operations lead to; a pair that many lead to is compared once.

    `names` are the operations, "" for webhooks; `starts` their schemas: a number for each, and what
    it starts from.
    """

    schemas: Schemas
    names: list[str]
    starts: list[tuple[int, Start]]
    _nodes: dict[Key, Node] = field(default_factory=dict)
    # Where a pair is nearest to an operation: that, its place there, and the way from it.
    _nearest: dict[Key, tuple[int, str, str]] = field(default_factory=dict)

    def seen(self) -> Iterator[Seen]:
        """Every difference, at the place nearest to an operation, and all that it concerns."""
        self._explore()
        reached = self._reached()
        together: dict[int, frozenset[str]] = {}
        for key, node in self._nodes.items():
            if not node.differences:
                continue
            operations = reached[key]
            if operations not in together:
                together[operations] = frozenset(self._named(operations))
            number, where, way = self._nearest[key]
            inside = way.removeprefix(".")
            for found in node.differences:
                told = Told(
                    kind=found.kind,
                    where=f"{where}: {inside}" if inside else where,
                    old=found.old,
                    new=found.new,
                    message=found.message,
                )
                yield Seen(told=told, operations=together[operations], nearest=self.names[number])

    def _explore(self) -> None:
        """All pairs, those nearest to an operation first."""
        waiting: deque[Key] = deque()
        for number, start in self.starts:
            if start.key not in self._nearest:
                self._nearest[start.key] = (number, start.where, "")
                waiting.append(start.key)
        while waiting:
            key = waiting.popleft()
            number, where, way = self._nearest[key]
            self._nodes[key] = node = self.schemas.node(key)
            for name, inner in node.steps:
                if inner not in self._nearest:
                    self._nearest[inner] = (number, where, way + name)
                    waiting.append(inner)

    def _reached(self) -> dict[Key, int]:
        """For each pair, the operations that lead to it: a bit for each."""
        reached = dict.fromkeys(self._nodes, 0)
        for number, start in self.starts:
            reached[start.key] |= 1 << number
        waiting = deque(self._leading())
        queued = set(waiting)
        while waiting:
            key = waiting.popleft()
            queued.discard(key)
            for _, inner in self._nodes[key].steps:
                more = reached[inner] | reached[key]
                if more != reached[inner]:
                    reached[inner] = more
                    if inner not in queued:
                        queued.add(inner)
                        waiting.append(inner)
        return reached

    def _leading(self) -> Iterator[Key]:
        """Those that operations start from, each once; what they lead to is met on the way."""
        return iter(dict.fromkeys(start.key for _, start in self.starts))

    def _named(self, operations: int) -> Iterator[str]:
        return (n for number, n in enumerate(self.names) if n and operations >> number & 1)
