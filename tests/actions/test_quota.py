"""Quotas: how they stand, and when they begin anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.actions.announce import NewsKind
from forecourt.actions.quota import (
    THRESHOLDS,
    QuotaState,
    Spent,
    Window,
    exhausted,
    has_quota,
    news_about,
    quota_states,
)
from forecourt.usage.spending import Holder
from tests.actions.builders import a_limit

TODAY = date(2026, 2, 27)
LIMIT = replace(a_limit(), per_day=100, per_month=1000)


@pytest.mark.parametrize(
    ("day", "window", "resets"),
    [
        (date(2026, 2, 27), Window.DAY, datetime(2026, 2, 28, tzinfo=UTC)),
        (date(2026, 2, 28), Window.DAY, datetime(2026, 3, 1, tzinfo=UTC)),
        (date(2028, 2, 28), Window.DAY, datetime(2028, 2, 29, tzinfo=UTC)),
        (date(2026, 2, 1), Window.MONTH, datetime(2026, 3, 1, tzinfo=UTC)),
        (date(2026, 12, 31), Window.MONTH, datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_window_ends_at_midnight_utc(day: date, window: Window, resets: datetime) -> None:
    assert window.reset(day) == resets


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(Window))
def test_a_reset_is_the_first_moment_of_the_next_window(day: date, window: Window) -> None:
    resets = window.reset(day)
    assert resets.date() == window.first(resets.date()) > day
    assert window.first(resets.date() - timedelta(days=1)) == window.first(day)


def test_a_limit_without_quotas_has_no_states() -> None:
    assert not has_quota(a_limit())
    assert quota_states(a_limit(), Spent(day=10**9, month=10**9), TODAY) == ()


@pytest.mark.parametrize(
    ("day", "month", "window"),
    [(99, 999, None), (100, 999, Window.DAY), (0, 1000, Window.MONTH), (100, 1000, Window.MONTH)],
)
def test_who_spent_all_of_one_is_stopped_until_the_later_reset(
    day: int, month: int, window: Window | None
) -> None:
    stopped = exhausted(quota_states(LIMIT, Spent(day=day, month=month), TODAY))
    assert (None if stopped is None else stopped.window) is window


@pytest.mark.parametrize(
    ("spent", "reached"), [(79, ()), (80, (80,)), (94, (80,)), (95, (80, 95)), (100, THRESHOLDS)]
)
def test_thresholds_are_reached_exactly(spent: int, reached: tuple[int, ...]) -> None:
    state = QuotaState(window=Window.DAY, limit=100, spent=spent, resets=datetime.now(UTC))
    assert state.reached == reached
    assert state.is_exhausted is (spent >= 100)


def test_the_edges_hear_of_a_holder_as_they_know_it() -> None:
    assert news_about(Holder(id="app_1", is_owner=False)) is NewsKind.APPLICATION
    assert news_about(Holder(id="partner:one", is_owner=True)) is NewsKind.CONSUMER
