"""What was narrowed by hand, and what must not come back by itself, in every store."""

from __future__ import annotations

from forecourt.actions.revision import Narrowing
from forecourt.estate.audience import Audience
from forecourt.store.opening import Store
from tests.actions.builders import NOW, a_record


def a_narrowing(api: str = "payments", audience: Audience = Audience.PARTNER) -> Narrowing:
    return Narrowing(api=api, audience=audience, at=NOW, who="ada", because="an incident")


async def test_stands_until_it_is_lifted(store: Store) -> None:
    await store.narrowings.narrow(a_narrowing("users"))
    await store.narrowings.narrow(a_narrowing())
    assert await store.narrowings.standing() == (a_narrowing(), a_narrowing("users"))
    await store.narrowings.lift("users", a_record())
    assert await store.narrowings.standing() == (a_narrowing(),)


async def test_takes_the_place_of_an_earlier_one(store: Store) -> None:
    await store.narrowings.narrow(a_narrowing())
    again = a_narrowing(audience=Audience.INTERNAL)
    await store.narrowings.narrow(again)
    assert await store.narrowings.standing() == (again,)


async def test_lifts_nothing_where_nothing_stands(store: Store) -> None:
    await store.narrowings.lift("payments", a_record())
    assert await store.narrowings.standing() == ()


async def test_rejects_content_until_somebody_accepts_it(store: Store) -> None:
    await store.rejected_parts.reject(
        [("api/a", "d1"), ("api/a", "d2"), ("api/a", "d1")], a_record()
    )
    await store.rejected_parts.reject([("api/a", "d2"), ("api/b", "d1")], a_record())
    expected = {("api/a", "d1"), ("api/a", "d2"), ("api/b", "d1")}
    assert await store.rejected_parts.rejected() == expected
    await store.rejected_parts.accept([("api/a", "d2"), ("api/z", "d9")], a_record())
    assert await store.rejected_parts.rejected() == expected - {("api/a", "d2")}
