"""Schemas that are put together of others: conditions, exclusions, what tells apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from forecourt.contract.comparison.clauses import Harms, clauses, differ
from forecourt.contract.comparison.difference import Difference, Found, Pair, Step
from forecourt.contract.comparison.shape import Shape
from forecourt.contract.comparison.side import Parts
from forecourt.contract.comparison.wording import told
from forecourt.contract.one_sided import Direction
from forecourt.contract.values import Pointer

_UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")
_THEN = ("then", "else")


def composition(pair: Pair, harms: Harms) -> Iterator[Found]:
    """How they differ, and the schemas to compare."""
    yield from _conditions(pair, harms)
    yield from _exclusions(pair, harms)
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
    both = clauses(_told(pair.old), _told(pair.new), harms)
    for before, after in both.pairs:
        if differ(before, after, harms):
            message = "`if` means other values"
            yield pair.difference("condition-changed", message, old=before, new=after)
        else:
            yield from _consequences(pair, before, after)
    for before in both.gone:
        yield from _consequences(pair, before, None)
    for after in both.new:
        yield from _consequences(pair, None, after)


def _told(shape: Shape) -> list[Pointer]:
    """Where an `if` stands from which anything follows."""
    return [at for at in shape.singles.get("if", ()) if any(map(_follows(shape, at), _THEN))]


def _follows(shape: Shape, at: Pointer) -> Callable[[str], Pointer | None]:
    """Where that stands which follows from the `if` there."""

    def place(keyword: str) -> Pointer | None:
        beside = (*at[:-1], keyword)
        return beside if beside in shape.singles.get(keyword, ()) else None

    return place


def _consequences(pair: Pair, before: Pointer | None, after: Pointer | None) -> Iterator[Found]:
    for keyword in _THEN:
        old = None if before is None else _follows(pair.old, before)(keyword)
        new = None if after is None else _follows(pair.new, after)(keyword)
        if old is not None and new is not None:
            yield Step(name=f"({keyword})", old=(old,), new=(new,))
        elif old is not None:
            message = f"`{keyword}` demands nothing any more"
            yield pair.difference("condition-removed", message, old=old)
        elif new is not None:
            message = f"`{keyword}` demands something now"
            yield pair.difference("condition-added", message, new=new)


def _exclusions(pair: Pair, harms: Harms) -> Iterator[Difference]:
    """What fits a `not` does not fit: the more, the fewer."""
    both = clauses(*_both(pair, "not"), harms)
    for before, after in both.pairs:
        is_smaller = harms((before,), (after,), Direction.REQUEST)
        is_larger = harms((before,), (after,), Direction.RESPONSE)
        facet, more = {
            (True, True): ("exclusion-changed", "other"),
            (True, False): ("exclusion-shrunk", "fewer"),
            (False, True): ("exclusion-grown", "more"),
        }.get((is_smaller, is_larger), ("", ""))
        if facet:
            yield pair.difference(facet, f"`not` excludes {more} values", old=before, new=after)
    for before in both.gone:
        yield pair.difference("exclusion-shrunk", "`not` excludes nothing any more", old=before)
    for after in both.new:
        yield pair.difference("exclusion-grown", "`not` excludes values", new=after)


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
