"""When a version is refused before its sunset."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from forecourt.compiler.ir.apis import Brownout
from forecourt.estate.api import Status
from forecourt.estate.brownouts import USUAL
from forecourt.estate.brownouts import Brownout as Declared
from tests.compiler.builders import lowered_api
from tests.governance.builders import a_version

SUNSET = date(2024, 7, 1)


def brownouts(audience: str = "public", **written: Any) -> tuple[Brownout, ...]:
    fields = {"status": Status.DEPRECATED, "deprecated": date(2024, 1, 1), "sunset": SUNSET}
    version = a_version("1", **fields | written)
    return lowered_api("payments", audience, versions=(version,)).versions[0].brownouts


def lengths(found: tuple[Brownout, ...]) -> list[tuple[int, int]]:
    """Days before the sunset, and hours."""
    end = datetime(2024, 7, 1, tzinfo=UTC)
    return [
        ((end - b.begins) // timedelta(days=1), (b.ends - b.begins) // timedelta(hours=1))
        for b in found
    ]


def test_half_a_day_one_and_two_as_the_end_comes_closer() -> None:
    assert lengths(brownouts()) == [(30, 12), (14, 24), (7, 48)]
    assert lengths(brownouts("partner")) == [(30, 12), (14, 24), (7, 48)]


def test_services_can_be_spoken_with_so_an_internal_api_has_them_only_if_it_says_so() -> None:
    assert brownouts("internal") == ()
    own = (Declared(before=86_400, length=3_600),)
    assert lengths(brownouts("internal", brownouts=own)) == [(1, 1)]


def test_a_schedule_of_its_own_replaces_the_usual_one() -> None:
    own = (Declared(before=86_400, length=3_600), Declared(before=3 * 86_400, length=7_200))
    assert lengths(brownouts(brownouts=own)) == [(3, 2), (1, 1)]
    assert brownouts(brownouts=()) == ()


def test_only_a_deprecated_version_with_both_its_dates_has_any() -> None:
    assert brownouts(status=Status.CURRENT) == ()
    assert brownouts(deprecated=None) == ()
    assert brownouts(sunset=None) == ()


def test_none_of_the_usual_ones_begins_before_the_version_is_deprecated() -> None:
    assert lengths(brownouts(deprecated=SUNSET - timedelta(days=14))) == [(14, 24), (7, 48)]
    assert lengths(brownouts(deprecated=SUNSET - timedelta(days=13))) == [(7, 48)]


def test_the_usual_ones_grow_come_apart_and_end_before_the_sunset() -> None:
    for one, next_one in pairwise(USUAL):
        assert one.before - one.length > next_one.before
        assert one.length < next_one.length
    assert all(b.length < b.before and b.because for b in USUAL)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_every_sunset_has_them_in_their_order(sunset: date) -> None:
    found = brownouts(deprecated=date(1999, 1, 1), sunset=sunset)
    moments = [moment for b in found for moment in (b.begins, b.ends)]
    assert moments == sorted(set(moments))
    assert moments[-1] < datetime.combine(sunset, datetime.min.time(), UTC)
