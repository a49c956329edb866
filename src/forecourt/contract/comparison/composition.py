"""Schemas that are put together of others: conditions, exclusions, what tells apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from forecourt.contract.comparison.difference import Difference, Found, Pair, Step
from forecourt.contract.comparison.side import Parts
from forecourt.contract.comparison.wording import told
from forecourt.contract.one_sided import Direction

# Whether comparing two schemas, one way, finds anything that harms.
Harms = Callable[[Parts, Parts, Direction], bool]

_UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")


def composition(pair: Pair, harms: Harms) -> Iterator[Found]:
    """How they differ, and the schemas to compare."""
    yield from _conditions(pair, harms)
    yield from _exclusion(pair, harms)
    for keyword in _UNEVALUATED:
        before, after = _both(pair, keyword)
        if before and after:
            yield Step(name=".*" if keyword == _UNEVALUATED[0] else "[]", old=before, new=after)
        elif before:
            message = f"`{keyword}` demands nothing any more"
            yield pair.difference("unevaluated-allowed", message, old=before[0])
        elif after:
            message = f"`{keyword}` demands something now"
            yield pair.difference("unevaluated-refused", message, new=after[0])
    before, after = _both(pair, "contentSchema")
    if before or after:
        yield Step(name="(content)", old=before, new=after)


def _both(pair: Pair, keyword: str) -> tuple[Parts, Parts]:
    return pair.old.singles.get(keyword, ()), pair.new.singles.get(keyword, ())


def _conditions(pair: Pair, harms: Harms) -> Iterator[Found]:
    before, after = _both(pair, "if")
    if before and after and _differ(before, after, harms):
        message = "`if` means other values"
        yield pair.difference("condition-changed", message, old=before[0], new=after[0])
        return
    for keyword in ("then", "else"):
        old, new = _both(pair, keyword)
        old, new = old if before else (), new if after else ()
        if old and new:
            yield Step(name=f"({keyword})", old=old, new=new)
        elif old:
            message = f"`{keyword}` demands nothing any more"
            yield pair.difference("condition-removed", message, old=old[0])
        elif new:
            message = f"`{keyword}` demands something now"
            yield pair.difference("condition-added", message, new=new[0])


def _differ(before: Parts, after: Parts, harms: Harms) -> bool:
    return any(harms(before, after, direction) for direction in Direction)


def _exclusion(pair: Pair, harms: Harms) -> Iterator[Difference]:
    """What fits `not` does not fit: the more, the fewer."""
    before, after = _both(pair, "not")
    old = before[0] if before else None
    new = after[0] if after else None
    if before and not after:
        yield pair.difference("exclusion-shrunk", "`not` excludes nothing any more", old=old)
    elif after and not before:
        yield pair.difference("exclusion-grown", "`not` excludes values", new=new)
    elif before and after:
        is_smaller = harms(before, after, Direction.REQUEST)
        is_larger = harms(before, after, Direction.RESPONSE)
        facet, more = {
            (True, True): ("exclusion-changed", "other"),
            (True, False): ("exclusion-shrunk", "fewer"),
            (False, True): ("exclusion-grown", "more"),
        }.get((is_smaller, is_larger), ("", ""))
        if facet:
            yield pair.difference(facet, f"`not` excludes {more} values", old=old, new=new)


def discriminators(pair: Pair) -> Iterator[Difference]:
    """How the properties differ that tell alternatives apart."""
    before, after = pair.old.discriminator, pair.new.discriminator
    if before is None and after is not None:
        message = f"`{after.property}` tells alternatives apart"
        yield pair.difference("discriminator-added", message, new=after.at)
        return
    if before is None or after is None:
        if before is not None:
            message = f"`{before.property}` does not tell alternatives apart any more"
            yield pair.difference("discriminator-removed", message, old=before.at)
        return
    at = {"old": before.at, "new": after.at}
    if before.property != after.property:
        message = f"`{after.property}` tells alternatives apart, and not `{before.property}`"
        yield pair.difference("discriminator-changed", message, **at)
        return
    for word in sorted({*before.mapping, *after.mapping}):
        was, is_now = before.mapping.get(word), after.mapping.get(word)
        if was is None and is_now is not None:
            message = f"{told(word)} names `{is_now}`"
            yield pair.difference("discriminator-value-added", message, **at)
        elif is_now is None and was is not None:
            message = f"{told(word)} does not name `{was}` any more"
            yield pair.difference("discriminator-value-removed", message, **at)
        elif was != is_now:
            message = f"{told(word)} named `{was}`, and names `{is_now}`"
            yield pair.difference("discriminator-value-changed", message, **at)
