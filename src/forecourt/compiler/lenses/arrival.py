"""Whether a raised path still means the operation that it was raised to.

What an older path takes is no value of every newer one: `/v1/x/{id}` may take `search`, and in
`/v2/things/{id}` that would mean `/v2/things/search`, which others may call, or nobody.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from forecourt.compiler.contracts.serialized import LuaTable, LuaValue
from forecourt.compiler.contracts.trie import folded, shut, trie
from forecourt.contract.lenses.program import Served
from forecourt.contract.matching import Segment, segments


@dataclass(slots=True)
class Arrivals:
    """The operations of the newest version, as those may be mistaken for each other."""

    served: tuple[Served, ...]
    _by_length: dict[int, list[Served]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for one in self.served:
            self._by_length[len(segments(one.template))].append(one)

    def of(self, method: str, template: str) -> LuaTable | None:
        """The tree of an operation, whose number is 1, among those that its path may mean.

        `shut` as a contract has it. None: it can be mistaken for none.
        """
        own = segments(template)
        if all(len(parts) == 1 for parts in own):
            return None
        rivals = [each for each in self._by_length[len(own)] if _is_rival(each, own)]
        if not rivals:
            return None
        here = Served(method=method, template=template)
        table: dict[str, LuaValue] = {"trie": trie((here, *rivals))}
        hidden = ((each.method, each.template) for each in rivals if each.may_be_hidden)
        if tree := shut((here,), hidden):
            table["shut"] = tree
        return table


def _is_rival(other: Served, own: tuple[Segment, ...]) -> bool:
    there = segments(other.template)
    return there != own and all(map(_may_be_one, own, there))


def _may_be_one(one: Segment, other: Segment) -> bool:
    """Whether some text may be both; that two parameters may is not looked at any closer."""
    return len(one) > 1 or len(other) > 1 or folded(one[0]) == folded(other[0])
