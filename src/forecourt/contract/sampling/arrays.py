"""A list for which schemas hold."""

from __future__ import annotations

from collections.abc import Hashable
from typing import cast

from forecourt.contract.sampling.conjunction import Conjunction, Node, identity
from forecourt.contract.sampling.making import Maker, NoValue, Spot, place_in
from forecourt.contract.values import Json

MOST_ITEMS = 1_000

# How often another item is tried where the items have to differ.
_MOST_ATTEMPTS = 40


def array(maker: Maker, together: Conjunction, spot: Spot) -> list[Json]:
    """As many items as there must be, and one to show what they are. Raises NoValue."""
    least, most = together.least("minItems"), together.most("maxItems")
    contained = _contained(together)
    least = max(least, len(contained))
    if least > MOST_ITEMS or (most is not None and most < least):
        raise NoValue(place_in(together), f"a list of {least} items or more is not made")
    is_unique = any(together.said("uniqueItems"))
    made: list[Json] = []
    taken: set[Hashable] | None = set() if is_unique else None
    for number in range(max(least, _shown(together, spot, most))):
        nodes = _item(together, number)
        if number < len(contained):
            nodes = (*nodes, contained[number])
        if number >= least and (not nodes or maker.repeats(nodes, spot)):
            break
        try:
            made.append(_made(maker, nodes, spot, number, taken))
        except NoValue:
            if number < least:
                raise
            break
    return made


def _shown(together: Conjunction, spot: Spot, most: int | None) -> int:
    if spot.shows_only_required:
        return 0
    tuples = cast(list[list[Json]], together.said("prefixItems"))
    shown = max(1, *(len(schemas) for schemas in tuples)) if tuples else 1
    return min(shown, MOST_ITEMS if most is None else most)


def _contained(together: Conjunction) -> list[Node]:
    """Schemas that items must have, one an item."""
    wanted = []
    for node, _ in together.having("contains"):
        assert isinstance(node.schema, dict)
        times = cast(int, node.schema.get("minContains", 1))
        wanted += [node.inside("contains")] * min(times, MOST_ITEMS + 1)
    return wanted


def _item(together: Conjunction, number: int) -> tuple[Node, ...]:
    """The schemas of the item with that number."""
    nodes = []
    for node in together.nodes:
        assert isinstance(node.schema, dict)
        first = cast(list[Json], node.schema.get("prefixItems", []))
        if number < len(first):
            nodes.append(node.inside("prefixItems", str(number)))
        elif "items" in node.schema:
            nodes.append(node.inside("items"))
        elif node.schema.get("unevaluatedItems") is False and not any(together.said("items")):
            nodes.append(node.inside("unevaluatedItems"))
    return tuple(nodes)


def _made(
    maker: Maker, nodes: tuple[Node, ...], spot: Spot, number: int, taken: set[Hashable] | None
) -> Json:
    """The item with that number: with `taken`, one that is not, and is from now on."""
    if taken is None:
        return maker.value(nodes, spot.inside(number))
    for attempt in range(_MOST_ATTEMPTS):
        value = maker.value(nodes, spot.inside(number, turn=number + attempt))
        if (same := identity(value)) not in taken:
            taken.add(same)
            return value
    place = nodes[0].place if nodes else ""
    raise NoValue(place, f"{number + 1} items that differ were not found")
