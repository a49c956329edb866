"""A clock that is an hour off, and set right again: nobody gets in by it, nobody stays out for
ever, and nothing that was counted is lost."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from forecourt.actions.credential import Owner, OwnerKind
from forecourt.actions.issue_key import KeyIssued, KeyRequest, issue_key
from forecourt.bootstrap import opened_world
from forecourt.settings import read_settings
from forecourt.store.signing_keys import SigningKeyFiles
from tests.actions.builders import a_record
from tests.end_to_end.clocks import Clock
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_partner, an_api, an_estate, spare_tests
from tests.end_to_end.eventually import SECONDS, SOON, eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.test_oauth import a_client, a_token, asked

HOUR = timedelta(hours=1)
# There and back it is set both ways in each of them.
_OFF = pytest.mark.parametrize(
    "off",
    [pytest.param(HOUR, id="ahead"), pytest.param(-HOUR, id="behind", marks=pytest.mark.slow)],
)

_LAMPS, _OLD, _PRICES, _STOCK = (
    "/lamps/v2/things",
    "/lamps/v1/things",
    "/prices/v1/things",
    "/stock/things",
)
# Enough connections that both workers have had one, nearly always.
_BOTH_WORKERS = 5
_ATTACKER = "127.0.0.66"

_ISSUER = {
    "name": "acme-id",
    "issuer": "https://id.acme.example/",
    "jwks": "https://id.acme.example/jwks.json",
    "token_audience": "https://api.acme.example",
    "callers": "public",
    "consumer_claim": "azp",
}
_PLANS = {
    "plenty": {"rate_limit": {"requests_per_minute": 100_000}},
    "slow": {"rate_limit": {"requests_per_minute": 2}},
    "daily": {"rate_limit": {"requests_per_minute": 100_000, "requests_per_day": 10}},
}


def _day(days: int) -> str:
    return str(datetime.now(UTC).date() + timedelta(days=days))


def _tonight() -> datetime:
    """Half an hour before the day ends, and with it a version."""
    return datetime.now(UTC).replace(hour=23, minute=30, second=0)


@dataclass(slots=True, kw_only=True)
class House:
    """A gateway and its clock. `right` is what counts as the right time: so far from the true."""

    gateway: Gateway
    clock: Clock
    right: timedelta = timedelta()

    def set_right(self, moment: datetime) -> None:
        """What counts as the right time from now on."""
        self.right = moment - datetime.now(UTC)
        self.clock.set_off(self.right)

    @contextmanager
    def set_off(self, off: timedelta) -> Iterator[None]:
        """The clock is off in the block, and then set right."""
        self.clock.set_off(self.right + off)
        try:
            yield
        finally:
            self.clock.set_off(self.right)

    def statuses(self, key: str, path: str = _LAMPS) -> set[int]:
        return {self.gateway.call(path, key=key).status_code for _ in range(_BOTH_WORKERS)}


@pytest.fixture(scope="module")
def served(started_once: Started, tmp_path_factory: pytest.TempPathFactory) -> House:
    clock = Clock(tmp_path_factory.mktemp("clock") / "set")
    clock.make()
    versions = {
        "2": {"contract": "openapi.yaml"},
        "1": {
            "contract": "openapi.yaml",
            "status": "deprecated",
            "deprecated": _day(-800),
            "sunset": _day(1),
            "brownouts": [{"before": "2h", "length": "1h"}],
        },
    }
    gateway = an_estate(
        apis={
            "lamps": an_api(versions=versions),
            "prices": an_api("partner"),
            "stock": an_api("internal", allow=["orders"]),
        },
        partners={"one": a_partner("lamps", "prices")},
        plans=_PLANS,
        organization={"identity": {"issuers": [_ISSUER]}},
    )
    gateway.clock = clock
    return House(gateway=started_once(spare_tests(gateway)), clock=clock)


@pytest.fixture
def house(served: House) -> House:
    """It is half past eleven at night."""
    served.set_right(_tonight())
    return served


_NUMBERS = count()


def _a_key(house: House, *, plan: str = "plenty") -> str:
    return house.gateway.a_key(developer=f"ada{next(_NUMBERS)}", plan=plan)


def _a_key_until(house: House, ends: datetime) -> str:
    """The command line knows days only."""

    async def issued() -> str:
        settings = read_settings(house.gateway.estate, environ=house.gateway.settings)
        async with opened_world(settings, clock=house.clock) as world:
            outcome = await issue_key(
                KeyRequest(
                    owner=Owner(kind=OwnerKind.DEVELOPER, name=f"ada{next(_NUMBERS)}"),
                    application="shop",
                    plan="plenty",
                    expires_at=ends,
                ),
                callers=await world.store.revisions.published_callers(),
                store=world.store.credentials,
                record=a_record(world.clock()),
                entropy=world.entropy,
            )
        assert isinstance(outcome, KeyIssued)
        return outcome.key

    return asyncio.run(issued())


# --- who is let in --------------------------------------------------------------------------------


@_OFF
def test_who_counts_is_let_in_and_who_does_not_is_not(house: House, off: timedelta) -> None:
    gateway = house.gateway
    known, new, withdrawn, stopped = (_a_key(house) for _ in range(4))
    assert [house.statuses(key) for key in (known, withdrawn)] == [{200}, {200}]
    gateway.forecourt("key", "revoke", withdrawn)
    gateway.forecourt("consumer", "suspend", f"developer:ada{next(_NUMBERS) - 1}")

    def judged() -> list[set[int]]:
        return [house.statuses(key) for key in (known, new, withdrawn, stopped)]

    eventually(lambda: judged() == [{200}, {200}, {401}, {401}], what="the withdrawal")
    with house.set_off(off):
        assert judged() == [{200}, {200}, {401}, {401}]
        assert gateway.call(_STOCK, service="orders").status_code == 200
        assert gateway.call(_STOCK, service="billing").status_code == 404
    assert judged() == [{200}, {200}, {401}, {401}]


@_OFF
def test_what_is_withdrawn_then_is_refused_within_a_second_and_for_good(
    house: House, off: timedelta
) -> None:
    first, second = _a_key(house), _a_key(house)
    assert [house.statuses(key) for key in (first, second)] == [{200}, {200}]
    with house.set_off(off):
        house.gateway.forecourt("key", "revoke", first)
        eventually(lambda: house.statuses(first) == {401}, what="it is refused", within=SOON)
        house.gateway.forecourt("key", "revoke", second)
    # No worker has looked since: the next request is the first to find the clock set.
    time.sleep(0.5)
    assert house.statuses(second) == {401}
    assert house.statuses(first) == {401}


def test_a_key_ends_by_the_clock_as_it_is(house: House) -> None:
    now = house.clock()
    ending = _a_key_until(house, now + HOUR / 2)
    with house.set_off(-HOUR):
        ended = _a_key_until(house, now - HOUR / 2)
        assert (house.statuses(ending), house.statuses(ended)) == ({200}, {200})
    assert (house.statuses(ending), house.statuses(ended)) == ({200}, {401})
    with house.set_off(HOUR):
        assert (house.statuses(ending), house.statuses(ended)) == ({401}, {401})
    assert (house.statuses(ending), house.statuses(ended)) == ({200}, {401})


def test_a_block_that_was_over_too_early_stands_again(house: House) -> None:
    gateway, key, other = house.gateway, _a_key(house), _a_key(house)
    transport = httpx.HTTPTransport(verify=gateway.tls(), local_address=_ATTACKER)
    with httpx.Client(base_url=gateway.base(), transport=transport) as attacker:

        def judged() -> tuple[set[int], int]:
            from_there = attacker.get(_LAMPS, headers={"x-api-key": other})
            return house.statuses(key), from_there.status_code

        assert judged() == ({200}, 200)
        for whom in (key, _ATTACKER):
            gateway.forecourt("block", "add", whom, "--for", "30m")
        eventually(lambda: judged() == ({403}, 403), what="refused")
        with house.set_off(HOUR):
            gateway.forecourt("key", "revoke", _a_key(house))  # everything is read again
            eventually(lambda: judged() == ({200}, 200), what="it is over by this clock")
        assert judged() == ({403}, 403), "and is not"
        with house.set_off(-HOUR):
            assert judged() == ({403}, 403)
        wait = int(gateway.call(_LAMPS, key=key).headers["retry-after"])
        assert 1700 < wait <= 1801
        for whom in (key, _ATTACKER):
            gateway.forecourt("block", "lift", whom)


def test_a_version_ends_by_the_clock_as_it_is(house: House) -> None:
    key = _a_key(house)

    def answered() -> tuple[int, str]:
        answer = house.gateway.call(_OLD, key=key)
        return answer.status_code, answer.text.partition("urn:forecourt:problem:")[2].split('"')[0]

    assert answered()[0] == 200
    with house.set_off(HOUR):
        assert answered() == (410, "version-retired")
    assert answered()[0] == 200
    with house.set_off(-HOUR):
        assert answered() == (410, "brownout")
    assert answered()[0] == 200


@_OFF
def test_nothing_opens_by_itself_and_what_is_saved_is_published(
    house: House, off: timedelta
) -> None:
    gateway, key = house.gateway, _a_key(house)
    heard = gateway.heard()
    gateway.change("apis/prices/api.yaml", '"partner"', '"public"')
    gateway.wait_until_it_says("forecourt open", since=heard)
    revision = gateway.revision()
    with house.set_off(off):
        gateway.change("apis/lamps/api.yaml", '"shop"', '"store"')
        gateway.wait_for_revision(revision + 1)
        assert gateway.call(_PRICES, key=key).status_code == 404
    gateway.change("apis/lamps/api.yaml", '"store"', '"shop"')
    gateway.wait_for_revision(revision + 2)
    assert gateway.call(_PRICES, key=key).status_code == 404
    gateway.change("apis/prices/api.yaml", '"public"', '"partner"')


def test_what_certificates_have_left_follows_the_clock(house: House) -> None:
    def left() -> float:
        metrics = house.gateway.operations("/metrics").text
        name = r'forecourt_certificate_seconds_left\{file="tls/external.pem"\}'
        found = re.search(rf"^{name} (\S+)$", metrics, re.MULTILINE)
        assert found, metrics
        return float(found[1])

    before = left()
    for off in (HOUR, -HOUR):
        with house.set_off(off):
            assert abs(before - off.total_seconds() - left()) < 30
    assert abs(before - left()) < 30
    assert "a certificate" not in house.gateway.said(), "none ends"


# --- what is counted ------------------------------------------------------------------------------


@_OFF
def test_no_bucket_refills(house: House, off: timedelta) -> None:
    key = _a_key(house, plan="slow")

    def passed() -> int:
        calls = (house.gateway.call(_LAMPS, key=key) for _ in range(_BOTH_WORKERS))
        return [call.status_code for call in calls].count(200)

    assert passed() == 2
    with house.set_off(off):
        assert passed() == 0
    assert passed() == 0


def test_what_was_spent_of_a_quota_stays_spent(house: House) -> None:
    """An hour ahead it is another day, of which nothing is spent."""
    gateway, key = house.gateway, _a_key(house, plan="daily")
    answers: list[httpx.Response] = []

    def statuses(times: int = _BOTH_WORKERS) -> set[int]:
        more = [gateway.call(_LAMPS, key=key) for _ in range(times)]
        answers.extend(more)
        return {answer.status_code for answer in more}

    def spent() -> int:
        told = gateway.forecourt("quota", "list", application, "--format", "json")
        (found,) = json.loads(told.stdout)
        return int(found["spent"])

    assert statuses(4) == {200}
    with house.set_off(HOUR):
        assert statuses(3) == {200}
    with house.set_off(-HOUR):
        assert statuses(3) == {200}
    eventually(lambda: statuses() == {429}, what="both workers know that it is used up")
    application = gateway.logged(answers[-1])["application"]
    with house.set_off(-HOUR):
        assert statuses() == {429}
    with house.set_off(HOUR):
        assert statuses() == {200}
    assert statuses() == {429}
    passed = [answer.status_code for answer in answers].count(200)
    eventually(lambda: spent() >= passed, what="all are counted")
    assert spent() == passed


# --- while nobody answers -------------------------------------------------------------------------


@pytest.mark.slow
@_OFF
def test_a_gateway_that_was_killed_and_starts_by_it_lets_in_whom_it_let_in(
    house: House, off: timedelta
) -> None:
    gateway, known, withdrawn = house.gateway, _a_key(house), _a_key(house)
    ending = _a_key_until(house, house.clock() + HOUR / 2)
    absent = "/lamps/v2/nothing"  # what the edge alone answers
    gateway.forecourt("key", "revoke", withdrawn)
    assert house.statuses(known) == {200}
    gateway.kill()
    with house.set_off(off):
        # An hour is longer than the edge goes by what it knows of the public.
        assert house.statuses(known, absent) == ({503} if off > timedelta() else {404})
    assert house.statuses(known, absent) == {404}
    with house.set_off(off):
        gateway.start()
        assert (house.statuses(known), house.statuses(withdrawn)) == ({200}, {401})
        assert house.statuses(ending) == ({401} if off > timedelta() else {200})
    assert [house.statuses(key) for key in (known, withdrawn, ending)] == [{200}, {401}, {200}]
    gateway.forecourt("audit", "verify")


# --- tokens ---------------------------------------------------------------------------------------


def _issuers_token(gateway: Gateway, claims: dict[str, Any]) -> httpx.Response:
    key = SigningKeyFiles(gateway.state).local_issuer("acme-id").key
    whole = {"iss": _ISSUER["issuer"], "aud": _ISSUER["token_audience"], "azp": "shop", **claims}
    return gateway.call(_LAMPS, token=_signed(key, whole))


def _services_token(gateway: Gateway, claims: dict[str, Any]) -> httpx.Response:
    key = SigningKeyFiles(gateway.state).internal().key
    whole = {"iss": "forecourt:acme.example", "aud": "acme.example", "sub": "orders", **claims}
    fields = {"x-internal-service-token": _signed(key, whole)}
    return gateway.call(_STOCK, listener="internal", headers=fields)


def _signed(key: ECKey, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "ES256", "kid": key.thumbprint()}, claims, key)


@pytest.mark.parametrize("called", [_issuers_token, _services_token])
def test_envoy_judges_when_a_token_counts_by_its_own_clock(
    served: House, called: Callable[[Gateway, dict[str, Any]], httpx.Response]
) -> None:
    """Its clock an hour ahead, or behind, is a token's an hour behind, or ahead."""
    served.set_right(datetime.now(UTC))

    def status(shifted: float) -> int:
        now = int(time.time() + shifted)
        claims = {"iat": now, "nbf": now, "exp": now + 600, "jti": str(shifted)}
        return called(served.gateway, claims).status_code

    assert [status(0), status(20), status(-3600), status(3600)] == [200, 200, 401, 401]


def _wait_for_tokens(gateway: Gateway, *, within: float = SECONDS) -> None:
    """Until they are given, to a client of which none is needed later: it may not ask often."""
    form = {"grant_type": "client_credentials", **a_client(gateway).by_post}
    eventually(
        lambda: asked(gateway, "token", form).status_code == 200, what="a token", within=within
    )


def test_a_token_that_was_taken_back_does_not_come_back(served: House) -> None:
    served.set_right(datetime.now(UTC))
    gateway = served.gateway
    _wait_for_tokens(gateway)
    client = a_client(gateway, "--plan", "plenty", application="lights")

    def statuses(token: str) -> set[int]:
        """By every worker: one that knew no token hears of its end before the others do."""
        return {gateway.call(_LAMPS, token=token).status_code for _ in range(_BOTH_WORKERS)}

    token, later, kept = (a_token(gateway, client) for _ in range(3))
    assert [statuses(each) for each in (token, later, kept)] == [{200}, {200}, {200}]
    assert asked(gateway, "revoke", {"token": token, **client.by_post}).status_code == 200
    eventually(lambda: statuses(token) == {401}, what="it is refused")
    with served.set_off(HOUR):
        # For the control plane it has ended; for Envoy it counts.
        assert asked(gateway, "revoke", {"token": later, **client.by_post}).status_code == 200
        eventually(lambda: statuses(later) == {401}, what="another is refused")
        assert statuses(token) == {401}
    assert [statuses(each) for each in (token, later, kept)] == [{401}, {401}, {200}]


@pytest.mark.slow
def test_tokens_are_given_on_where_the_clock_was_set_back(served: House) -> None:
    """What was published before seems to lie in the future."""
    served.set_right(datetime.now(UTC))
    gateway = served.gateway
    _wait_for_tokens(gateway)
    with served.set_off(-HOUR):
        _wait_for_tokens(gateway, within=SOON)
    assert gateway.call(_LAMPS, token=a_token(gateway, a_client(gateway))).status_code == 200


def test_the_record_is_whole_after_all_that(served: House) -> None:
    served.gateway.forecourt("audit", "verify")
