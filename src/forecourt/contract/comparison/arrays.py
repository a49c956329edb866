"""The items of a list."""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract.comparison.clauses import Harms, clauses, differ
from forecourt.contract.comparison.difference import Found, Pair, Step
from forecourt.contract.comparison.shape import Containing


def arrays(pair: Pair, harms: Harms) -> Iterator[Found]:
    """How lists differ, and the items to compare."""
    if not pair.is_about("array"):
        return
    yield from _items(pair)
    was, is_now = "uniqueItems" in pair.old.said, "uniqueItems" in pair.new.said
    if was is not is_now:
        facet = "unique-items-demanded" if is_now else "unique-items-released"
        message = "no item may come twice" if is_now else "items may come twice"
        yield pair.at_keyword(facet, "uniqueItems", message)
    yield from _contained(pair, harms)


def _items(pair: Pair) -> Iterator[Step]:
    """Place by place: a place that one side does not speak of has the schema of all others."""
    old, new = (s.several.get("prefixItems", {}) for s in (pair.old, pair.new))
    before, after = (s.singles.get("items", ()) for s in (pair.old, pair.new))
    for number in sorted({*old, *new}, key=int):
        yield Step(name=f"[{number}]", old=old.get(number, before), new=new.get(number, after))
    if before or after:
        yield Step(name="[]", old=before, new=after)


def _contained(pair: Pair, harms: Harms) -> Iterator[Found]:
    """Each `contains` asks for items of its own: one more lets fewer lists through."""
    both = clauses([c.at for c in pair.old.contains], [c.at for c in pair.new.contains], harms)
    old, new = ({c.at: c for c in shape.contains} for shape in (pair.old, pair.new))
    for at in both.gone:
        yield pair.difference("contains-removed", "no item is asked for", old=at)
    for at in both.new:
        yield pair.difference("contains-added", "an item must fit a schema", new=at)
    for before, after in both.pairs:
        yield from _counted(pair, old[before], new[after], harms)


def _counted(pair: Pair, one: Containing, other: Containing, harms: Harms) -> Iterator[Found]:
    at = {"old": one.at, "new": other.at}
    if one.least != other.least:
        facet = "min-contains-raised" if other.least > one.least else "min-contains-lowered"
        yield pair.difference(facet, f"`minContains` was {one.least}, is {other.least}", **at)
    if one.most != other.most:
        is_lower = one.most is None or (other.most is not None and other.most < one.most)
        facet = "max-contains-lowered" if is_lower else "max-contains-raised"
        was, is_now = ("not said" if most is None else most for most in (one.most, other.most))
        yield pair.difference(facet, f"`maxContains` was {was}, is {is_now}", **at)
    if one.most is None and other.most is None:
        yield Step(name="[some]", old=(one.at,), new=(other.at,))
    elif differ(one.at, other.at, harms):  # the more items fit, the sooner there are too many
        yield pair.difference("contains-removed", "items that fitted are not counted", **at)
        yield pair.difference("contains-added", "other items are counted", **at)
