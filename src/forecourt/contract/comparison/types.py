"""Which types a value may have, and whether it may be null."""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract.comparison.difference import Difference, Pair
from forecourt.contract.comparison.shape import TYPES, Shape
from forecourt.contract.comparison.wording import listed

_OF_TEXTS = frozenset({"pattern", "format", "contentMediaType", "contentEncoding"})
_OF_ANY = frozenset({"not", "if"})


def types(pair: Pair) -> Iterator[Difference]:
    """How they differ."""
    old, new = pair.old, pair.new
    if old.is_false or new.is_false or not old.types or not new.types:
        refused, was = new.is_false or not new.types, old.is_false or not old.types
        if refused and not was:
            yield pair.difference("value-refused", "no value fits any more")
        elif was and not refused:
            yield pair.difference("value-allowed", "values fit where none did")
        return
    yield from _null(pair)
    if pair.is_one_of_several or (_are_said_by_all(old) and _are_said_by_all(new)):
        return  # each alternative says its own
    before, after = _covered(pair, pair.old), _covered(pair, pair.new)
    if before == after or _written(pair, old) == _written(pair, new):
        return
    message = f"was {_told(old.types)}, is {_told(new.types)}"
    if _within(after, before):
        yield pair.at_keyword("type-narrowed", "type", message)
    elif _within(before, after):
        yield pair.at_keyword("type-widened", "type", message)
    else:
        yield pair.at_keyword("type-changed", "type", message)


def are_apart(pair: Pair) -> bool:
    """Whether no value could fit both, so that comparing anything else means nothing."""
    before, after = _covered(pair, pair.old), _covered(pair, pair.new)
    if pair.old.is_false or pair.new.is_false:
        return True
    if not before or not after:  # null alone
        return "null" not in pair.old.types & pair.new.types
    return not any(_within({t}, after) for t in before) and not any(
        _within({t}, before) for t in after
    )


def _are_said_by_all(shape: Shape) -> bool:
    """Whether there are alternatives, and no types are said beside theirs."""
    return any(group.types == shape.types for group in shape.alternatives)


def _null(pair: Pair) -> Iterator[Difference]:
    if pair.is_text or TYPES in (pair.old.types, pair.new.types):
        return  # of any type, null is one
    was, is_now = "null" in pair.old.types, "null" in pair.new.types
    if was and not is_now:
        yield pair.difference("null-refused", "null is no value any more")
    elif is_now and not was:
        yield pair.difference("null-allowed", "null is a value now")


def _covered(pair: Pair, shape: Shape) -> frozenset[str]:
    """Without null; where a value is written as text, any number is a string, too.

    It is so of a string of which nothing more is asked. A list or an object may be written as
    several texts, and is none.
    """
    types = _written(pair, shape)
    if pair.is_text and "string" in types and _is_any_text(shape):
        types = types - {"integer"} | {"number", "boolean"}
    return types


def _written(pair: Pair, shape: Shape) -> frozenset[str]:
    """Without null. Where a value is written as text, what is not said to be a list is one text."""
    types = shape.types - {"null"}
    is_any = pair.is_text and types >= TYPES - {"null"}
    return frozenset({"string"}) if is_any else types


def _is_any_text(shape: Shape) -> bool:
    """Whether every text fits that is a number, true or false: nothing but its type is said."""
    least = shape.bounds.get("minLength")
    return not (
        shape.values is not None
        or shape.alternatives
        or (least is not None and least.value > 1)
        or "maxLength" in shape.bounds
        or _OF_TEXTS & shape.demands.keys()
        or _OF_ANY & shape.singles.keys()
    )


def _within(some: frozenset[str] | set[str], others: frozenset[str]) -> bool:
    return all(t in others or (t == "integer" and "number" in others) for t in some)


def _told(types: frozenset[str]) -> str:
    return "any type" if types >= TYPES - {"null"} else listed(types - {"null"} or types)
