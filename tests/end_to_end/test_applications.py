"""Applications at the edge: one bucket over all their keys, stopped as a whole, keys held to what
they were given for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from forecourt.actions.rotate_key import KeyRotated, rotate_key
from forecourt.bootstrap import opened_world
from forecourt.settings import read_settings
from tests.actions.builders import a_record
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_partner, an_api, an_estate
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem

_LAMPS, _CHAIRS = "/lamps/v1/things", "/chairs/v1/things"
# Enough connections that both workers have had one.
_BOTH_WORKERS = 10


@pytest.fixture(scope="module")
def gateway(started_once: Started) -> Gateway:
    """Two public APIs and one that a service calls, a partner, and plans."""
    return started_once(
        an_estate(
            apis={
                "lamps": an_api(),
                "chairs": an_api(),
                "stock": an_api("internal", allow=["orders"]),
            },
            partners={"one": a_partner("lamps", "chairs")},
            plans={
                "twelve": {"rate_limit": {"requests_per_minute": 12}},
                "plenty": {"rate_limit": {"requests_per_minute": 10_000}},
            },
        )
    )


def _statuses(call: Callable[[], httpx.Response]) -> set[int]:
    return {call().status_code for _ in range(_BOTH_WORKERS)}


def test_ten_keys_of_one_application_share_its_bucket(gateway: Gateway) -> None:
    keys = [gateway.a_key(developer="many", plan="twelve") for _ in range(10)]
    # Ten may come at once, whichever keys they bring; one more by the time that this takes.
    statuses = [gateway.call(_LAMPS, key=keys[n % 10]).status_code for n in range(15)]
    assert statuses.count(200) in (10, 11)
    assert statuses[-1] == 429


def _a_developers_key(gateway: Gateway) -> tuple[str, str, Callable[[], httpx.Response]]:
    key = gateway.a_key(developer="stopped", plan="plenty")
    return "developer:stopped/shop", "developer:stopped", lambda: gateway.call(_LAMPS, key=key)


def _a_partners_key(gateway: Gateway) -> tuple[str, str, Callable[[], httpx.Response]]:
    key = gateway.a_partner_key("one", application="sync")
    return "partner:one/sync", "partner:one", lambda: gateway.call(_LAMPS, key=key)


def _a_services_certificate(gateway: Gateway) -> tuple[str, str, Callable[[], httpx.Response]]:
    return "orders", "service:orders", lambda: gateway.call("/stock/things", service="orders")


def _a_services_token(gateway: Gateway) -> tuple[str, str, Callable[[], httpx.Response]]:
    fields = {"x-internal-service-token": gateway.a_service_token("orders")}
    call = lambda: gateway.call("/stock/things", listener="internal", headers=fields)  # noqa: E731
    return "orders", "service:orders", call


@pytest.mark.parametrize(
    "caller",
    [_a_developers_key, _a_partners_key, _a_services_certificate, _a_services_token],
    ids=["a developer's key", "a partner's key", "a service's certificate", "a service's token"],
)
@pytest.mark.parametrize("whole", [False, True], ids=["the application", "the owner"])
def test_nothing_of_who_is_suspended_counts_within_a_second_until_it_is_resumed(
    gateway: Gateway,
    caller: Callable[[Gateway], tuple[str, str, Callable[[], httpx.Response]]],
    whole: bool,
) -> None:
    application, owner, call = caller(gateway)
    named = owner if whole else application
    assert _statuses(call) == {200}
    gateway.forecourt("consumer", "suspend", named, "--because", "an incident")
    begun = time.monotonic()
    eventually(lambda: _statuses(call) == {401}, what="stopped everywhere", within=5)
    assert time.monotonic() - begun < 3  # a second, and what asking so often takes
    gateway.forecourt("consumer", "resume", named)
    eventually(lambda: _statuses(call) == {200}, what="goes on everywhere", within=5)


def test_an_application_is_stopped_and_another_of_its_owner_goes_on(gateway: Gateway) -> None:
    shop = gateway.a_key(developer="two", application="shop")
    till = gateway.a_key(developer="two", application="till")
    for key in (shop, till):
        assert gateway.call(_LAMPS, key=key).status_code == 200
    gateway.forecourt("consumer", "suspend", "developer:two/shop")
    eventually(lambda: gateway.call(_LAMPS, key=shop).status_code == 401, what="stopped")
    assert gateway.call(_LAMPS, key=till).status_code == 200


def test_a_key_is_for_its_apis_only(gateway: Gateway) -> None:
    key = gateway.a_key(developer="narrow", api="lamps")
    assert gateway.call(_LAMPS, key=key).status_code == 200
    there, nowhere = (gateway.call(path, key=key) for path in (_CHAIRS, "/nothing/v1/things"))
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert problem(there.text)["type"] == problem(nowhere.text)["type"]


def test_a_key_is_for_its_addresses_only(gateway: Gateway) -> None:
    here = gateway.a_key(developer="here", **{"from": "127.0.0.0/8"})
    elsewhere = gateway.a_key(developer="here", **{"from": "203.0.113.0/24"})
    assert gateway.call(_LAMPS, key=here).status_code == 200
    for headers in ({}, {"x-forwarded-for": "203.0.113.7"}, {"forwarded": "for=203.0.113.7"}):
        answer = gateway.call(_LAMPS, key=elsewhere, headers=headers)
        assert answer.status_code == 403
        assert problem(answer.text)["type"] == "urn:forecourt:problem:address-not-allowed"


def test_a_rotated_key_goes_on_beside_the_new_one_that_may_the_same(gateway: Gateway) -> None:
    old = gateway.a_key(developer="rotating", api="lamps")
    assert gateway.call(_LAMPS, key=old).status_code == 200
    new = gateway.forecourt("key", "rotate", old, "--overlap", "24h").stdout.strip()
    for key in (old, new):
        assert gateway.call(_LAMPS, key=key).status_code == 200
    assert gateway.call(_CHAIRS, key=new).status_code == 404


def test_a_rotated_key_ends_when_it_should_with_nobody_to_ask(gateway: Gateway) -> None:
    old = gateway.a_key(developer="ending")
    assert _statuses(lambda: gateway.call(_LAMPS, key=old)) == {200}
    ends = time.monotonic() + 4
    asyncio.run(_rotate(gateway, old, timedelta(seconds=4)))
    time.sleep(1)  # the edge hears that within this time
    assert _statuses(lambda: gateway.call(_LAMPS, key=old)) == {200}
    with gateway.paused():
        time.sleep(max(0.0, ends - time.monotonic()))
        assert _statuses(lambda: gateway.call(_LAMPS, key=old)) == {401}


async def _rotate(gateway: Gateway, key: str, overlap: timedelta) -> None:
    """The command line knows minutes only."""
    async with opened_world(read_settings(gateway.estate, environ=gateway.settings)) as world:
        outcome = await rotate_key(
            key,
            overlap,
            store=world.store.credentials,
            record=a_record(world.clock()),
            entropy=world.entropy,
        )
    assert isinstance(outcome, KeyRotated)
