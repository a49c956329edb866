"""Limits of numbers, lengths and counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from forecourt.contract.comparison.difference import Difference, Pair
from forecourt.contract.comparison.numbers import is_multiple, scientific
from forecourt.contract.comparison.shape import Bound, Shape
from forecourt.contract.comparison.shaping import LOWER, is_tighter
from forecourt.contract.keywords import is_number

_MOST_ZEROS = 400


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
    old, new = before, after
    if limit.of == "number" and "number" not in pair.old.types | pair.new.types:
        old, new = (b and _of_integers(limit.keyword, b) for b in (before, after))
    if new is not None and (old is None or is_tighter(limit.keyword, new, old)):
        facet = limit.tighter
    elif old is not None and (new is None or is_tighter(limit.keyword, old, new)):
        facet = limit.looser
    else:
        return
    message = f"`{limit.keyword}` was {_told(before)}, is {_told(after)}"
    old_at = pair.old.at if before is None else before.at
    new_at = pair.new.at if after is None else after.at
    yield pair.difference(facet, message, old=old_at, new=new_at)


def _of_integers(keyword: str, bound: Bound) -> Bound:
    """The same bound of integers, as the last one that fits."""
    whole, power = scientific(bound.value)
    if abs(power) > _MOST_ZEROS:
        return bound  # too long to write out
    is_lower = keyword in LOWER
    if power < 0:
        value = whole // 10**-power + (1 if is_lower else 0)
    else:
        value = whole * 10**power
        if bound.is_exclusive:
            value += 1 if is_lower else -1
    return Bound(value=value, at=bound.at)


def _told(bound: Bound | None) -> str:
    if bound is None:
        return "not said"
    return f"{bound.value}, itself excluded" if bound.is_exclusive else str(bound.value)


def _steps(pair: Pair) -> Iterator[Difference]:
    keyword = "multipleOf"
    old, new = _steps_of(pair.old), _steps_of(pair.new)
    is_narrower, is_wider = _implies(new, old), _implies(old, new)
    if is_narrower and is_wider:
        return
    message = f"`{keyword}` was {_listed(old)}, is {_listed(new)}"
    facet = "multiple-of-changed"
    if is_narrower:
        facet = "multiple-of-narrowed"
    elif is_wider:
        facet = "multiple-of-widened"
    yield pair.at_keyword(facet, keyword, message)


def _steps_of(shape: Shape) -> list[int | Decimal]:
    values = [said.value for said in shape.demands.get("multipleOf", ())]
    return [v for v in values if isinstance(v, int | Decimal) and is_number(v) and v > 0]


def _implies(some: list[int | Decimal], others: list[int | Decimal]) -> bool:
    """Whether what is a multiple of all of some surely is one of all others."""
    return all(any(is_multiple(one, other) for one in some) for other in others)


def _listed(steps: list[int | Decimal]) -> str:
    return " and ".join(map(str, steps)) or "not said"
