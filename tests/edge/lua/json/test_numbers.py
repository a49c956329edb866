"""Numbers are judged as they are written."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.edge.luajit import Lua

NUMBERS = Lua().module("json.numbers")

written = st.one_of(
    st.integers().map(str),
    st.integers(-(10**40), 10**40).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(lambda d: format(d, "f")),
    st.tuples(st.integers(-999, 999), st.integers(-30, 30)).map(lambda p: f"{p[0]}e{p[1]}"),
    st.tuples(st.integers(0, 99), st.integers(0, 9999), st.integers(-20, 20)).map(
        lambda p: f"-{p[0]}.{p[1]:04}E{p[2]:+}"
    ),
)


@given(written, written)
@example("9007199254740993", "9007199254740992")
@example("1.10", "1.1")
@example("-0", "0.0")
@example("1e400", "1e399")
def test_compares_exactly(a: str, b: str) -> None:
    difference = Fraction(a) - Fraction(b)
    found = NUMBERS.compare(a, b)
    assert (found > 0, found < 0) == (difference > 0, difference < 0)
    assert (NUMBERS.canonical(a) == NUMBERS.canonical(b)) == (difference == 0)


@given(written)
def test_knows_an_integer_however_it_is_written(number: str) -> None:
    assert NUMBERS.is_integer(number) == (Fraction(number).denominator == 1)


@given(written, st.integers(1, 94_906_265), st.integers(-6, 3))
@example("19.99", 1, -2)
@example("1e308", 123456789 % 94906265, 0)
@example("4.5", 15, -1)
def test_knows_a_multiple_exactly(number: str, factor: int, exponent: int) -> None:
    factor = int(str(factor).rstrip("0"))
    divisor = Fraction(factor) * Fraction(10) ** exponent
    expected = (Fraction(number) / divisor).denominator == 1
    assert NUMBERS.is_multiple(number, factor, exponent) == expected


@pytest.mark.parametrize("endless", ["1e99999999999999999999", "-1e99999999999999999999"])
def test_an_endless_number_has_its_side(endless: str) -> None:
    assert (NUMBERS.compare(endless, "0") > 0) == (not endless.startswith("-"))
    assert NUMBERS.is_integer(endless)
    assert not NUMBERS.is_integer("1e-99999999999999999999")
    assert NUMBERS.compare("1e-99999999999999999999", "0") > 0
    assert NUMBERS.compare("0e99999999999999999999", "0") == 0
