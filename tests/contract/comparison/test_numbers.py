from __future__ import annotations

from decimal import Decimal

import pytest

from forecourt.contract.comparison.numbers import is_multiple, is_whole, scientific


def test_equal_numbers_are_told_alike() -> None:
    assert scientific(100) == scientific(Decimal("1e2")) == scientific(Decimal("100.0")) == (1, 2)
    assert scientific(0) == scientific(Decimal("-0e9"))
    assert scientific(-12) == (-12, 0)


def test_no_digit_is_lost() -> None:
    assert scientific(10**40 + 1) != scientific(10**40 + 2)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("10", "5", True),
        ("10", "4", False),
        ("0.3", "0.1", True),
        ("1e999999", "1e-999999", True),
        ("1e-999999", "1e999999", False),
        ("1e9999999", "3", False),
        ("0", "3", True),
    ],
)
def test_large_numbers_are_divided_without_writing_them_out(
    one: str, other: str, expected: bool
) -> None:
    assert is_multiple(Decimal(one), Decimal(other)) is expected


def test_a_large_number_is_whole() -> None:
    assert is_whole(Decimal("1e9999999"))
    assert not is_whole(Decimal("1.5"))
