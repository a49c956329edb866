"""A number within bounds, of a given step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, floor, lcm

from forecourt.contract.sampling.choices import Choices

# Beyond that nobody means a number, and its digits would fill the memory.
_MOST_DIGITS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberDemands:
    """All that a number has to be; `above` and `below` are not reached."""

    is_integer: bool = False
    least: int | Decimal | None = None
    most: int | Decimal | None = None
    above: int | Decimal | None = None
    below: int | Decimal | None = None
    steps: tuple[int | Decimal, ...] = ()


def numbers(demands: NumberDemands, choices: Choices, *place: object) -> Iterator[int | Decimal]:
    """Numbers that are all that is demanded, the plainest first; none where there is none."""
    stated = (demands.least, demands.most, demands.above, demands.below, *demands.steps)
    if any(_is_endless(number) for number in stated):
        return
    low = max(
        _bounds(demands.least, demands.above), key=lambda b: (b.at, not b.belongs), default=None
    )
    high = min(_bounds(demands.most, demands.below), key=lambda b: (b.at, b.belongs), default=None)
    steps = [Fraction(step) for step in demands.steps]
    if demands.is_integer:
        steps.append(Fraction(1))
    if steps:
        yield from _multiples(_common(steps), low, high, choices.number(*place, "number"))
    else:
        yield from _between(low, high, choices.number(*place, "number"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bound:
    """Where numbers begin or end; `belongs` says whether the bound itself is one of them."""

    at: Fraction
    belongs: bool


def _bounds(reached: int | Decimal | None, kept_off: int | Decimal | None) -> list[_Bound]:
    bounds = [] if reached is None else [_Bound(at=Fraction(reached), belongs=True)]
    return bounds if kept_off is None else [*bounds, _Bound(at=Fraction(kept_off), belongs=False)]


def _multiples(
    step: Fraction, low: _Bound | None, high: _Bound | None, number: int
) -> Iterator[int | Decimal]:
    first = None if low is None else ceil(low.at / step)
    if first is not None and low is not None and not low.belongs and first * step == low.at:
        first += 1
    last = None if high is None else floor(high.at / step)
    if last is not None and high is not None and not high.belongs and last * step == high.at:
        last -= 1
    if first is not None and last is not None and first > last:
        return
    said = _said(_counted(first, last, number) * step)
    if said is not None:
        yield said


def _counted(first: int | None, last: int | None, number: int) -> int:
    """The whole number that comes so many after 0, or after the first; at the end it goes round."""
    if first is not None and last is not None:
        begin = 0 if first <= 0 <= last else first
        return first + (begin - first + number) % (last - first + 1)
    if first is not None:
        return max(first, 0) + number
    if last is not None and number > last:
        return min(last, 0) - (number if last < 0 else number - last)
    return number


def _between(low: _Bound | None, high: _Bound | None, number: int) -> Iterator[int | Decimal]:
    """Any number: 0, the lower bound, or something between the bounds."""
    candidates = [Fraction(number)]
    if low is not None and high is not None:
        width = high.at - low.at
        candidates += [low.at + number, low.at + width / 2 ** (number % 20 + 1), low.at, high.at]
    elif low is not None:
        candidates += [low.at + number, low.at + 1]
    elif high is not None:
        candidates += [high.at - number, high.at - 1]
    for candidate in candidates:
        if _is_within(candidate, low, high) and (said := _said(candidate)) is not None:
            yield said


def _is_within(number: Fraction, low: _Bound | None, high: _Bound | None) -> bool:
    if low is not None and (number < low.at or (number == low.at and not low.belongs)):
        return False
    return high is None or number < high.at or (number == high.at and high.belongs)


def _said(number: Fraction) -> int | Decimal | None:
    """As JSON writes it; None for a third, which it cannot."""
    if number.denominator == 1:
        return number.numerator
    with localcontext(prec=_MOST_DIGITS, Emin=-10_000):
        said = Decimal(number.numerator) / Decimal(number.denominator)
        return said.normalize() if Fraction(said) == number else None


def _is_endless(number: int | Decimal | None) -> bool:
    if isinstance(number, Decimal):
        return not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS
    return number is not None and number.bit_length() > 4 * _MOST_DIGITS


def _common(steps: Iterable[Fraction]) -> Fraction:
    """The least number that is a multiple of each step."""
    first, *others = steps
    common = first
    for step in others:
        common = Fraction(
            lcm(common.numerator * step.denominator, step.numerator * common.denominator),
            common.denominator * step.denominator,
        )
    return common
