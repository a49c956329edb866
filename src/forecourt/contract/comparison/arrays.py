"""The items of a list."""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract.comparison.difference import Found, Pair, Step


def arrays(pair: Pair) -> Iterator[Found]:
    """How lists differ, and the items to compare."""
    if not pair.is_about("array"):
        return
    yield from _items(pair)
    was, is_now = "uniqueItems" in pair.old.said, "uniqueItems" in pair.new.said
    if was is not is_now:
        facet = "unique-items-demanded" if is_now else "unique-items-released"
        message = "no item may come twice" if is_now else "items may come twice"
        yield pair.at_keyword(facet, "uniqueItems", message)
    before, after = (s.singles.get("contains", ()) for s in (pair.old, pair.new))
    if before and after:
        yield Step(name="[some]", old=before, new=after)
    elif before:
        yield pair.difference("contains-removed", "no item is asked for", old=before[0])
    elif after:
        yield pair.difference("contains-added", "an item must fit a schema", new=after[0])


def _items(pair: Pair) -> Iterator[Step]:
    """Place by place: a place that one side does not speak of has the schema of all others."""
    old, new = (s.several.get("prefixItems", {}) for s in (pair.old, pair.new))
    before, after = (s.singles.get("items", ()) for s in (pair.old, pair.new))
    for number in sorted({*old, *new}, key=int):
        yield Step(name=f"[{number}]", old=old.get(number, before), new=new.get(number, after))
    if before or after:
        yield Step(name="[]", old=before, new=after)
