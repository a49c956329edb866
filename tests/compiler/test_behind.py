"""Which services an upstream opens to callers who did not reach them before."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.compiler.behind import opened_behind
from forecourt.compiler.ir.apis import Api
from forecourt.compiler.lowering.apis import lower_api
from forecourt.estate.api import Upstream
from tests.governance.builders import an_api


def served(name: str, audience: str, url: str, **written: Any) -> Api:
    return lower_api(an_api(name, audience, upstream=Upstream(url=url), **written), mocked=False)


USERS = served("users", "internal", "http://users.svc:8080/internal")
ELSEWHERE = served("payments", "public", "http://payments.svc:8080")


def opened(api: Api, *, before: tuple[Api, ...] = (USERS, ELSEWHERE)) -> list[str]:
    return [str(reach) for reach in sorted(opened_behind(api, before, (USERS, api)))]


@pytest.mark.parametrize("path", ["", "/internal", "/internal/v1"])
def test_an_upstream_that_moves_to_a_narrower_apis_service_opens_it(path: str) -> None:
    moved = served("payments", "public", f"http://users.svc:8080{path}")
    assert opened(moved) == ["callers of payments: the service of users on the external listener"]


@pytest.mark.parametrize(
    "url",
    ["http://users.svc:8081/internal", "http://other.svc:8080", "http://users.svc:8080/public"],
    ids=["another port", "another host", "another path"],
)
def test_a_service_that_is_not_shared_is_not_opened(url: str) -> None:
    assert opened(served("payments", "public", url)) == []


def test_what_callers_reached_before_is_not_opened() -> None:
    shared = served("payments", "public", "http://users.svc:8080/")
    deeper = served("payments", "public", "http://users.svc:8080/internal")
    assert opened(deeper, before=(USERS, shared)) == []


def test_what_a_partner_reached_is_opened_to_strangers() -> None:
    for_partners = served("prices", "partner", "http://users.svc:8080/")
    moved = served("payments", "public", "http://users.svc:8080/")
    assert opened(moved, before=(USERS, for_partners)) == [
        "callers of payments: the service of prices on the external listener",
        "callers of payments: the service of users on the external listener",
    ]


def test_an_api_that_is_made_narrower_opens_nothing() -> None:
    shared = served("signup", "public", "http://users.svc:8080/")
    before = (served("users", "public", "http://users.svc:8080/"), shared)
    assert opened_behind(USERS, before, (USERS, shared)) == frozenset()
    assert opened_behind(shared, before, (USERS, shared)) == frozenset()


def test_an_internal_api_opens_nothing_outside() -> None:
    assert opened(served("stock", "internal", "http://users.svc:8080/")) == []


def test_mocks_are_one_service_for_each_api() -> None:
    mocked = lower_api(an_api("payments"), mocked=True)
    users = lower_api(an_api("users", "internal"), mocked=True)
    assert opened_behind(mocked, (users,), (users, mocked)) == frozenset()
