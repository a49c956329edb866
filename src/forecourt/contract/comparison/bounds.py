"""Limits of numbers, lengths and counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from forecourt.contract.comparison.difference import Difference, Pair
from forecourt.contract.comparison.shape import Bound, Said
from forecourt.contract.comparison.shaping import is_tighter
from forecourt.contract.keywords import is_number


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limit:
    """What a keyword limits, and what its change is called."""

    keyword: str
    of: str
    tighter: str
    looser: str


LIMITS: tuple[_Limit, ...] = tuple(
    _Limit(keyword=keyword, of=of, tighter=tighter, looser=looser)
    for keyword, of, tighter, looser in (
        ("minimum", "number", "minimum-raised", "minimum-lowered"),
        ("maximum", "number", "maximum-lowered", "maximum-raised"),
        ("minLength", "string", "min-length-raised", "min-length-lowered"),
        ("maxLength", "string", "max-length-lowered", "max-length-raised"),
        ("minItems", "array", "min-items-raised", "min-items-lowered"),
        ("maxItems", "array", "max-items-lowered", "max-items-raised"),
        ("minContains", "array", "min-contains-raised", "min-contains-lowered"),
        ("maxContains", "array", "max-contains-lowered", "max-contains-raised"),
        ("minProperties", "object", "min-properties-raised", "min-properties-lowered"),
        ("maxProperties", "object", "max-properties-lowered", "max-properties-raised"),
    )
)


def bounds(pair: Pair) -> Iterator[Difference]:
    """How they differ, for types that fit both."""
    for limit in LIMITS:
        if pair.is_about_numbers if limit.of == "number" else pair.is_about(limit.of):
            yield from _limit(pair, limit)
    if pair.is_about_numbers:
        yield from _steps(pair)


def _limit(pair: Pair, limit: _Limit) -> Iterator[Difference]:
    before, after = pair.old.bounds.get(limit.keyword), pair.new.bounds.get(limit.keyword)
    if after is not None and (before is None or is_tighter(limit.keyword, after, before)):
        facet = limit.tighter
    elif before is not None and (after is None or is_tighter(limit.keyword, before, after)):
        facet = limit.looser
    else:
        return
    message = f"`{limit.keyword}` was {_told(before)}, is {_told(after)}"
    old = pair.old.at if before is None else before.at
    new = pair.new.at if after is None else after.at
    yield pair.difference(facet, message, old=old, new=new)


def _told(bound: Bound | None) -> str:
    if bound is None:
        return "not said"
    return f"{bound.value}, itself excluded" if bound.is_exclusive else str(bound.value)


def _steps(pair: Pair) -> Iterator[Difference]:
    keyword = "multipleOf"
    before, after = _step(pair.old.said.get(keyword)), _step(pair.new.said.get(keyword))
    if before == after:
        return
    message = f"`{keyword}` was {before or 'not said'}, is {after or 'not said'}"
    if before is None or (after is not None and _is_multiple(after, before)):
        facet = "multiple-of-narrowed"
    elif after is None or _is_multiple(before, after):
        facet = "multiple-of-widened"
    else:
        facet = "multiple-of-changed"
    yield pair.at_keyword(facet, keyword, message)


def _step(said: Said | None) -> int | Decimal | None:
    value = None if said is None else said.value
    if isinstance(value, int | Decimal) and is_number(value) and value > 0:
        return value
    return None


def _is_multiple(one: int | Decimal, other: int | Decimal) -> bool:
    ratio = Decimal(one) / Decimal(other)
    return ratio == ratio.to_integral_value()
