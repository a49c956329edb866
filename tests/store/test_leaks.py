"""What leaked adds up by place, bounded, in every store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from forecourt.actions.leak import Leak, LeakCount, LeakPlace
from forecourt.store.leaks import MOST_OF_OPERATION
from forecourt.store.opening import Store
from tests.actions.builders import NOW, a_record

LATER = NOW + timedelta(hours=1)


def a_place(place: str = "/margin", *, api: str = "payments", version: str = "2") -> LeakPlace:
    return LeakPlace(
        api=api,
        version=version,
        operation="GET /payments/{id}",
        status="200",
        kind="undeclared",
        place=place,
        check="filter",
    )


def seen(*places: LeakPlace, times: int = 1) -> list[LeakCount]:
    return [LeakCount(at=place, times=times) for place in places]


async def test_counts_add_up_from_the_first_time_to_the_last(store: Store) -> None:
    await store.leaks.add(seen(a_place(), times=2), NOW)
    await store.leaks.add(seen(a_place(), a_place("/cost")), LATER)
    assert await store.leaks.of("payments") == (
        Leak(at=a_place("/cost"), times=1, since=LATER, last=LATER),
        Leak(at=a_place(), times=3, since=NOW, last=LATER),
    )


async def test_what_is_removed_and_what_would_be_are_two_counts(store: Store) -> None:
    observed = replace(a_place(), check="observe")
    await store.leaks.add(seen(a_place(), observed, a_place()), NOW)
    assert [leak.times for leak in await store.leaks.of("payments")] == [2, 1]


async def test_each_api_and_version_has_its_own_and_forgets_alone(store: Store) -> None:
    one, other, api = a_place(), a_place(version="1"), a_place(api="users", version="")
    await store.leaks.add(seen(one, other, api), NOW)
    assert [leak.at for leak in await store.leaks.of("payments", "1")] == [other]
    assert [leak.at for leak in await store.leaks.of("users", "")] == [api]
    assert await store.leaks.forget("payments", "2", a_record()) == 1
    assert [leak.at for leak in await store.leaks.of("payments")] == [other]
    assert await store.leaks.forget("payments", None, a_record()) == 1
    assert await store.leaks.forget("payments", None, a_record()) == 0
    assert await store.leaks.of("users") != ()


async def test_of_an_operation_so_many_places_are_kept_and_the_rest_is_counted(
    store: Store,
) -> None:
    places = [a_place(f"/name{i:03}") for i in range(MOST_OF_OPERATION + 20)]
    await store.leaks.add(seen(*places), NOW)
    await store.leaks.add(seen(*places, a_place("/another")), LATER)
    found = await store.leaks.of("payments")
    assert len(found) == MOST_OF_OPERATION + 1
    (more,) = (leak for leak in found if leak.at.kind == "more")
    assert (more.times, more.at.place, more.at.status) == (41, "", "-")
    assert {leak.times for leak in found if leak is not more} == {2}


async def test_adds_nothing_where_nothing_leaked(store: Store) -> None:
    await store.leaks.add([], NOW)
    assert await store.leaks.of("payments") == ()
