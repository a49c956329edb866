from __future__ import annotations

from datetime import date

import pytest

from forecourt.contract.comparison.sunset import day, months_between


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2027-01-31", date(2027, 1, 31)),
        ("2027-01-31T12:00:00Z", date(2027, 1, 31)),
        ("2027-02-31", None),
        ("soon", None),
        (None, None),
        (20270131, None),
    ],
)
def test_reads_a_day(written: str | int | None, expected: date | None) -> None:
    assert day(written) == expected


@pytest.mark.parametrize(
    ("last", "months"),
    [
        (date(2026, 2, 14), 0),
        (date(2026, 2, 15), 1),
        (date(2027, 1, 15), 12),
        (date(2025, 1, 15), 0),
    ],
)
def test_counts_whole_months(last: date, months: int) -> None:
    assert months_between(date(2026, 1, 15), last) == months
