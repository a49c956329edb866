"""Converters are exact, both ways, or say that a value is lost."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.contract.lenses.converters import (
    BY_ID,
    CONVERTERS,
    UNITS,
    Converter,
    arguments_of,
    converter_between,
)
from forecourt.contract.lenses.currencies import DIGITS
from forecourt.contract.lenses.lost import Lost

_VALUES = {
    "integer": st.integers(min_value=-(10**30), max_value=10**30),
    "boolean": st.booleans(),
    "number": st.integers() | st.decimals(-1000, 1000, places=3),
}
_VALUES_OF_TIME = st.integers(min_value=-62_135_596_800, max_value=253_402_300_799)


def _arguments(converter: Converter, currency: str = "USD") -> Mapping[str, str]:
    return arguments_of(converter, {"currency": currency})


@pytest.mark.parametrize("converter", CONVERTERS, ids=lambda c: c.id)
@given(data=st.data())
def test_what_goes_there_comes_back(converter: Converter, data: st.DataObject) -> None:
    is_time = converter.one.startswith("unix")
    value: Any = data.draw(_VALUES_OF_TIME if is_time else _VALUES[converter.takes])
    currency = data.draw(st.sampled_from(sorted(DIGITS)))
    arguments = _arguments(converter, currency)
    there = converter.there(value, arguments)
    assert not isinstance(there, Lost)
    assert converter.back(there, arguments) == value


@pytest.mark.parametrize(
    ("currency", "minor_units", "value"),
    [("USD", 4990, "49.90"), ("JPY", 1200, "1200"), ("KWD", 5, "0.005"), ("EUR", -7, "-0.07")],
)
def test_money_has_the_digits_of_its_currency(currency: str, minor_units: int, value: str) -> None:
    converter = BY_ID["minor_units-money"]
    money = converter.there(minor_units, _arguments(converter, currency))
    assert money == {"value": value, "currency": currency}


@pytest.mark.parametrize(
    "money",
    [
        {"value": "49.90", "currency": "EUR"},
        {"value": "49.905", "currency": "USD"},
        {"value": "049.90", "currency": "USD"},
        {"value": 49, "currency": "USD"},
        {"value": "49.90", "currency": "USD", "at": "today"},
        {"value": "1" * 2000, "currency": "USD"},
        "49.90",
    ],
)
def test_money_that_is_no_cents_is_lost(money: Any) -> None:
    converter = BY_ID["minor_units-money"]
    assert isinstance(converter.back(money, _arguments(converter)), Lost)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2028-11-05T10:15:00+02:00", 1857024900),
        ("2028-11-05t08:15:00.000z", 1857024900),
        ("2028-11-05T08:15:00.5Z", None),
        ("2028-02-30T00:00:00Z", None),
        ("2016-12-31T23:59:60Z", None),
        ("2028-11-05", None),
    ],
)
def test_moments_are_exact_seconds(text: str, seconds: int | None) -> None:
    found = BY_ID["unix_seconds-date_time"].back(text, {})
    assert isinstance(found, Lost) if seconds is None else found == seconds


@pytest.mark.parametrize("value", [True, "1", None, Decimal("1.5"), [], 10**1000])
def test_what_is_no_whole_number_is_lost(value: Any) -> None:
    assert isinstance(BY_ID["integer-text"].there(value, {}), Lost)


@pytest.mark.parametrize("text", ["01", "-0", "1.0", " 1", "1e3", "", "\u0661"])
def test_a_text_that_another_spelling_has_is_no_integer(text: str) -> None:
    assert isinstance(BY_ID["integer-text"].back(text, {}), Lost)


def test_every_pair_of_units_has_one_converter() -> None:
    pairs = [frozenset((c.one, c.other)) for c in CONVERTERS]
    assert len(set(pairs)) == len(pairs)
    for unit in UNITS:
        assert any(converter_between(unit, other) for other in UNITS)


def test_currencies_are_those_of_the_standard() -> None:
    assert (DIGITS["USD"], DIGITS["JPY"], DIGITS["BHD"], DIGITS["CLF"]) == (2, 0, 3, 4)
    assert all(len(code) == 3 and code.isupper() for code in DIGITS)
