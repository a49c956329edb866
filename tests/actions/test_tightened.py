"""What leaves no more, when an API is filtered after it was observed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forecourt.actions.leak import LeakCount
from tests.actions.builders import NOW
from tests.actions.publishing import Acme, an_api_file
from tests.store.in_memory import InMemoryStore
from tests.store.test_leaks import a_place

USERS = "apis/users/api.yaml"


def checked(response_check: str, **written: str) -> str:
    posture = f"{{response_check: {response_check}}}"
    return an_api_file("internal", name="users", allow="[orders]", posture=posture, **written)


@pytest.fixture
async def acme() -> Acme:
    acme = Acme(InMemoryStore())
    await acme.publish(USERS, checked("observe"))
    seen = [
        LeakCount(at=replace(a_place(place, api="users"), check=check), times=times)
        for place, check, times in (
            *(("/rare", "observe", 1), ("/often", "observe", 9)),
            ("/elsewhere", "filter", 99),
        )
    ]
    await acme.store.leaks.add(seen, NOW)
    return acme


async def test_is_told_with_what_was_observed_the_most_frequent_first(acme: Acme) -> None:
    published = await acme.publish(USERS, checked("filter"))
    (one,) = published.tightened
    assert one.api == "users"
    assert [leak.at.place for leak in one.leaks] == ["/often", "/rare"]


async def test_any_other_change_tightens_nothing(acme: Acme) -> None:
    published = await acme.publish(USERS, checked("observe", title="Users"))
    assert published.tightened == ()
    await acme.publish(USERS, checked("filter"))
    published = await acme.publish(USERS, checked("filter", title="Users"))
    assert published.tightened == ()
