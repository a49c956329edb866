"""Calendar months."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.governance.months import after_months, in_words, whole_months

_DAYS = st.dates(min_value=date(1970, 1, 1), max_value=date(2200, 1, 1))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-01-01", 12, "2025-01-01"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-12-31", 2, "2025-02-28"),
        ("2024-11-15", 0, "2024-11-15"),
    ],
)
def test_the_same_day_later_or_the_last_of_its_month(start: str, months: int, end: str) -> None:
    assert after_months(date.fromisoformat(start), months) == date.fromisoformat(end)


@given(_DAYS, st.integers(0, 600))
def test_as_many_months_fit_as_were_added(start: date, months: int) -> None:
    assert whole_months(start, after_months(start, months)) == months


@given(_DAYS, _DAYS)
def test_no_further_month_would_fit(start: date, end: date) -> None:
    months = whole_months(start, end)
    assert after_months(start, months) <= end < after_months(start, months + 1)


def test_one_month_is_singular() -> None:
    assert [in_words(n) for n in (0, 1, 12)] == ["0 months", "1 month", "12 months"]
