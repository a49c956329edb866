"""Calendar months, as people count them in contracts."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def after_months(start: date, months: int) -> date:
    """The same day that many months later, or the month's last day where it has no such day."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def whole_months(start: date, end: date) -> int:
    """How many calendar months fit between two days; negative where `end` is earlier."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if after_months(start, months) <= end else months - 1


def in_words(months: int) -> str:
    """`1 month`, `12 months`."""
    return "1 month" if months == 1 else f"{months} months"
