"""Numbers of contracts, compared exactly, however long or large they are."""

from __future__ import annotations

from decimal import Decimal


def scientific(number: int | Decimal) -> tuple[int, int]:
    """The number as a whole one without zeros at its end, and the power of ten that it is of.

    Equal numbers have equal pairs.
    """
    sign, digits, exponent = Decimal(number).as_tuple()
    if not isinstance(exponent, int) or not any(digits):
        return 0, 0
    kept = len(digits)
    while digits[kept - 1] == 0:
        kept -= 1
    whole = int(Decimal((sign, digits[:kept], 0)))
    return whole, exponent + len(digits) - kept


def is_whole(number: int | Decimal) -> bool:
    """Whether it has no fraction."""
    return scientific(number)[1] >= 0


def is_multiple(one: int | Decimal, other: int | Decimal) -> bool:
    """Whether one is a whole number of times the other, which is more than 0."""
    (whole, power), (divisor, its_power) = scientific(one), scientific(other)
    if whole == 0:
        return True
    # `whole` does not end with 0, so that no power of ten divides it.
    return power >= its_power and whole * pow(10, power - its_power, divisor) % divisor == 0
