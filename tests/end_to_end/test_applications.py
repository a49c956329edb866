"""Applications at the edge: one bucket over all their keys, stopped as a whole, keys held to what
they were given for."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from ssl import PEM_cert_to_DER_cert

import httpx
import pytest

from forecourt.actions.rotate_key import KeyRotated, rotate_key
from forecourt.bootstrap import opened_world
from forecourt.edge.authority import KeyPair
from forecourt.settings import read_settings
from tests.actions.builders import a_record
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_partner, an_api, an_estate, spare_tests
from tests.end_to_end.eventually import SOON, eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.house import a_certificate
from tests.end_to_end.problems import problem

_LAMPS, _CHAIRS = "/lamps/v1/things", "/chairs/v1/things"
# Enough connections that both workers have had one.
_BOTH_WORKERS = 10
_ISSUER = {
    "name": "acme-id",
    "issuer": "https://id.acme.example/",
    "jwks": "https://id.acme.example/jwks.json",
    "token_audience": "https://api.acme.example",
    "callers": "public",
    "consumer_claim": "azp",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A gateway, and what a partner proves itself with."""

    gateway: Gateway
    certificate: KeyPair


@pytest.fixture(scope="module")
def house(started_once: Started, tmp_path_factory: pytest.TempPathFactory) -> House:
    """Two public APIs and one that a service calls, two partners, an issuer, and plans."""
    certificate = a_certificate(tmp_path_factory.mktemp("partner"))
    der = PEM_cert_to_DER_cert(certificate.certificate.read_text())
    gateway = an_estate(
        apis={
            "lamps": an_api(),
            "chairs": an_api(),
            "stock": an_api("internal", allow=["orders"]),
        },
        partners={
            "one": a_partner("lamps", "chairs"),
            "two": a_partner(
                "lamps",
                id="partner_two",
                certificates={"sha256": [sha256(der).hexdigest()]},
            ),
        },
        organization={"identity": {"issuers": [_ISSUER]}},
        plans={
            "twelve": {"rate_limit": {"requests_per_minute": 12}},
            "plenty": {"rate_limit": {"requests_per_minute": 10_000}},
        },
    )
    started_once(spare_tests(gateway))
    return House(gateway=gateway, certificate=certificate)


@pytest.fixture
def gateway(house: House) -> Gateway:
    return house.gateway


def _statuses(call: Callable[[], httpx.Response]) -> set[int]:
    return {call().status_code for _ in range(_BOTH_WORKERS)}


def test_ten_keys_of_one_application_share_its_bucket(gateway: Gateway) -> None:
    keys = [gateway.a_key(developer="many", plan="twelve") for _ in range(10)]
    # Ten may come at once, whichever keys they bring; one more by the time that this takes.
    statuses = [gateway.call(_LAMPS, key=keys[n % 10]).status_code for n in range(15)]
    assert statuses.count(200) in (10, 11)
    assert statuses[-1] == 429


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """How an application and its owner are called, and a call by it."""

    application: str
    owner: str
    call: Callable[[], httpx.Response]


def _a_developers_key(house: House) -> Called:
    key = house.gateway.a_key(developer="stopped", plan="plenty")
    return Called(
        application="developer:stopped/shop",
        owner="developer:stopped",
        call=lambda: house.gateway.call(_LAMPS, key=key),
    )


def _a_partners_key(house: House) -> Called:
    key = house.gateway.a_partner_key("one", application="sync")
    return Called(
        application="partner:one/sync",
        owner="partner:one",
        call=lambda: house.gateway.call(_LAMPS, key=key),
    )


def _a_partners_certificate(house: House) -> Called:
    own = {"host": "two.localhost", "certificate": house.certificate}
    return Called(
        application="partner_two/certificate",
        owner="partner:two",
        call=lambda: house.gateway.call(_LAMPS, **own),
    )


def _an_issuers_token(house: House) -> Called:
    token = house.gateway.a_token("acme-id", "shop app", "lin")
    return Called(
        application="acme-id/shop app",
        owner="developer:acme-id/shop app",
        call=lambda: house.gateway.call(_LAMPS, token=token),
    )


def _a_services_certificate(house: House) -> Called:
    return Called(
        application="orders",
        owner="service:orders",
        call=lambda: house.gateway.call("/stock/things", service="orders"),
    )


def _a_services_token(house: House) -> Called:
    fields = {"x-internal-service-token": house.gateway.a_service_token("orders")}
    return Called(
        application="orders",
        owner="service:orders",
        call=lambda: house.gateway.call("/stock/things", listener="internal", headers=fields),
    )


_KINDS = {
    "a developer's key": _a_developers_key,
    "a partner's key": _a_partners_key,
    "a partner's certificate": _a_partners_certificate,
    "a token of an issuer": _an_issuers_token,
    "a service's certificate": _a_services_certificate,
    "a service's token": _a_services_token,
}


# A service is the one application of itself.
_STOPPED = [
    *((kind, "owner") for kind in _KINDS),
    *((kind, "application") for kind in _KINDS if "service" not in kind),
]


@pytest.mark.parametrize(("kind", "named"), _STOPPED)
def test_nothing_of_who_is_suspended_counts_within_a_second_until_it_is_resumed(
    house: House, kind: str, named: str
) -> None:
    caller = _KINDS[kind](house)
    name = caller.owner if named == "owner" else caller.application
    assert caller.call().status_code == 200
    assert 401 not in _statuses(caller.call)  # some may be over the limit
    house.gateway.forecourt("consumer", "suspend", name, "--because", "an incident")
    eventually(lambda: _statuses(caller.call) == {401}, what="stopped everywhere", within=SOON)
    house.gateway.forecourt("consumer", "resume", name)
    eventually(lambda: 401 not in _statuses(caller.call), what="goes on everywhere", within=SOON)


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


def test_ten_rotations_give_no_ten_limits(gateway: Gateway) -> None:
    keys = [gateway.a_key(developer="turning", plan="twelve")]
    for _ in range(10):
        keys.append(_rotated(gateway, keys[-1]))
    statuses = [gateway.call(_LAMPS, key=key).status_code for key in keys]
    statuses += [gateway.call(_LAMPS, key=key).status_code for key in reversed(keys)]
    assert set(statuses) == {200, 429}
    # Ten may come at once, whichever keys they bring; one more by the time that this takes.
    assert statuses.count(200) in (10, 11)


def test_what_a_key_is_limited_to_its_successors_are(gateway: Gateway) -> None:
    old = gateway.a_test_key(developer="limited")
    limits = {"from": "203.0.113.0/24", "api": "lamps", "scope": "read"}
    new, after = gateway.a_key(developer="limited", **limits), old
    for _ in range(2):
        new, after = _rotated(gateway, new), _rotated(gateway, after)
    assert after.startswith("fc_test_")
    assert gateway.call(_LAMPS, key=new).status_code == 403
    listed = gateway.forecourt("key", "list", "--developer", "limited", "--format", "json").stdout
    told = [(k["from"], k["apis"], k["scopes"]) for k in json.loads(listed) if not k["test"]]
    assert told == 3 * [([limits["from"]], [limits["api"]], [limits["scope"]])]


def test_who_withdraws_the_new_key_does_not_bring_the_old_one_back(gateway: Gateway) -> None:
    old = gateway.a_key(developer="back", plan="plenty")
    assert gateway.call(_LAMPS, key=old).status_code == 200
    ends = time.monotonic() + 2
    new = asyncio.run(_rotate(gateway, old, timedelta(seconds=2)))
    assert [gateway.call(_LAMPS, key=key).status_code for key in (old, new)] == [200, 200]
    gateway.forecourt("key", "revoke", new)
    eventually(lambda: _statuses(lambda: gateway.call(_LAMPS, key=new)) == {401}, what="refused")
    again = gateway.run("key", "rotate", old)
    assert (again.exit_code, "was rotated to" in again.output) == (2, True), again.output
    time.sleep(max(0.0, ends - time.monotonic()))
    for key in (old, new):
        assert _statuses(lambda key=key: gateway.call(_LAMPS, key=key)) == {401}


def test_a_rotation_lets_nobody_in(gateway: Gateway) -> None:
    revoked, stopped = (
        gateway.a_key(developer=name, plan="plenty") for name in ("gone", "resting")
    )
    gateway.forecourt("key", "revoke", revoked)
    assert gateway.run("key", "rotate", revoked).exit_code == 2
    gateway.forecourt("consumer", "suspend", "developer:resting")
    keys = [stopped, _rotated(gateway, stopped)]

    def judged() -> list[int]:
        return [gateway.call(_LAMPS, key=key).status_code for key in keys]

    eventually(lambda: judged() == [401, 401], what="neither goes on")
    gateway.forecourt("consumer", "resume", "developer:resting")
    eventually(lambda: judged() == [200, 200], what="both go on")


def _rotated(gateway: Gateway, key: str) -> str:
    return gateway.forecourt("key", "rotate", key, "--overlap", "24h").stdout.strip()


async def _rotate(gateway: Gateway, key: str, overlap: timedelta) -> str:
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
    return outcome.key
