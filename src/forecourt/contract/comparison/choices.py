"""The values that are listed: `enum`, `const`, and those that are only examples of more."""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract.comparison.difference import Difference, Pair
from forecourt.contract.comparison.shape import Said, Shape
from forecourt.contract.comparison.wording import listed, told
from forecourt.contract.values import Json, encode

_MOST_TOLD = 8
_OPEN = "x-extensible-enum"


def choices(pair: Pair) -> Iterator[Difference]:
    """How they differ. Null is no choice, but a type."""
    before, after = _values(pair.old), _values(pair.new)
    if before is None and after is not None:
        at = next((said.at for said in after.values()), pair.new.at)
        message = f"only {_some(after)} from now on"
        yield pair.difference("enum-added", message, new=at)
    elif after is None and before is not None:
        at = next((said.at for said in before.values()), pair.old.at)
        message = f"was one of {_some(before)}, may be others now"
        yield pair.difference("enum-removed", message, old=at)
    elif before is not None and after is not None:
        yield from _changed(pair, before, after)
    yield from _extensible(pair)


def _changed(pair: Pair, before: dict[str, Said], after: dict[str, Said]) -> Iterator[Difference]:
    old_at = next((said.at for said in before.values()), pair.old.at)
    new_at = next((said.at for said in after.values()), pair.new.at)
    for text, said in before.items():
        if text not in after and _fits(pair.new, said):
            message = f"{told(said.value)} is no value any more"
            yield pair.difference("enum-value-removed", message, old=said.at, new=new_at)
    for text, said in after.items():
        if text not in before and _fits(pair.old, said):
            message = f"{told(said.value)} is a value now"
            yield pair.difference("enum-value-added", message, old=old_at, new=said.at)


def _fits(other: Shape, said: Said) -> bool:
    """Whether it is of a type that the other side has: else that was said of the types."""
    if isinstance(said.value, str):
        return "string" in other.types
    return True


def _values(shape: Shape) -> dict[str, Said] | None:
    if shape.values is None:
        return None
    return {text: said for text, said in shape.values.items() if said.value is not None}


def _some(values: dict[str, Said]) -> str:
    texts = [said.value if isinstance(said.value, str) else text for text, said in values.items()]
    more = len(texts) - _MOST_TOLD
    return listed(texts[:_MOST_TOLD]) + (f" and {more} more" if more > 0 else "")


def _extensible(pair: Pair) -> Iterator[Difference]:
    """Values that are known, and not all: callers were told that there may be others."""
    if _OPEN not in pair.old.said or _OPEN not in pair.new.said:
        return
    before, after = _known(pair.old), _known(pair.new)
    for text in sorted(before.keys() - after.keys()):
        message = f"{told(before[text])} is not named any more"
        yield pair.at_keyword("extensible-value-removed", _OPEN, message)
    for text in sorted(after.keys() - before.keys()):
        message = f"{told(after[text])} is named now"
        yield pair.at_keyword("extensible-value-added", _OPEN, message)


def _known(shape: Shape) -> dict[str, Json]:
    value = shape.said[_OPEN].value
    return {encode(v).decode(): v for v in value} if isinstance(value, list) else {}
