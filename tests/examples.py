"""With how many examples a property is tried: `make search` takes all, `make test` half of them."""

from __future__ import annotations

from hypothesis import settings


def some_of(number: int) -> int:
    """So many where chance looks for others each time; else the same half of them each time."""
    return number if settings.get_current_profile_name() == "search" else (number + 1) // 2
