"""Who attacks is refused within seconds, or slowed down; who calls beside it is not."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest

from forecourt.actions.api_key import new_key
from tests.actions.builders import chance
from tests.end_to_end.clocks import Clock
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_partner, an_api, an_estate
from tests.end_to_end.eventually import SOON, eventually
from tests.end_to_end.gateway import Gateway

# What a guess takes to be written, read and answered: three looks, a second apart at most; and what
# else runs here meanwhile.
_SECONDS = 20

_PLANS = {"fast": {"rate_limit": {"requests_per_minute": 100_000}}}
# Linux answers on all of 127/8, so that callers have addresses of their own.
_GUESSER, _THIEF, _CUSTOMER = "127.0.0.66", "127.0.0.67", "127.0.0.77"


def _client(gateway: Gateway, address: str) -> httpx.Client:
    transport = httpx.HTTPTransport(verify=gateway.tls(), local_address=address)
    return httpx.Client(base_url=gateway.base(), transport=transport, timeout=10)


@pytest.fixture(scope="module")
def gateway(started_once: Started, tmp_path_factory: pytest.TempPathFactory) -> Gateway:
    """Its clock is set: nobody waits until something is over."""
    clock = Clock(tmp_path_factory.mktemp("clock") / "set")
    clock.make()
    partner = a_partner("lamps", rate_limit={"requests_per_minute": 6000})
    gateway = an_estate(apis={"lamps": an_api()}, plans=_PLANS, partners={"one": partner})
    gateway.clock = clock
    return started_once(gateway)


def test_a_guesser_is_refused_and_a_busy_customer_is_not(gateway: Gateway) -> None:
    key = gateway.a_key(developer="ada", plan="fast")
    with _client(gateway, _GUESSER) as guesser, _client(gateway, _CUSTOMER) as customer:

        def guess(number: int) -> int:
            made_up = new_key(chance(f"guess {number}"), is_test=False)
            return guesser.get("/lamps/v1/things", headers={"x-api-key": made_up}).status_code

        def buy() -> int:
            return customer.get("/lamps/v1/things", headers={"x-api-key": key}).status_code

        bought = []
        for number in range(40):
            assert guess(number) == 401
            bought += [buy(), buy()]
        eventually(lambda: guess(99) == 403, what="refused", within=_SECONDS)
        # A key that is right helps nobody who comes from there.
        answer = guesser.get("/lamps/v1/things", headers={"x-api-key": key})
        assert answer.status_code == 403
        assert int(answer.headers["retry-after"]) <= 61
        bought += [buy() for _ in range(20)]
        assert set(bought) == {200}
    _guess_a_secret(gateway)
    block, other = json.loads(gateway.forecourt("block", "list", "--format", "json").stdout)
    assert (block["detector"], block["target"]) == ("credential-guessing", f"{_GUESSER}/32")
    assert len(block["requests"]) == 3
    told = gateway.forecourt("why", block["requests"][0]).stdout
    assert "401" in told
    assert (other["detector"], other["target"]) == ("credential-guessing", f"{_THIEF}/32")


def _guess_a_secret(gateway: Gateway) -> None:
    """The same of the secret of a client: who has to wait, and goes on, guesses on."""
    told = gateway.forecourt("client", "add", "--developer", "ada", "--application", "shop")
    id = told.stdout.split()[0].removeprefix("client_id=")
    form = {"grant_type": "client_credentials", "client_id": id, "client_secret": "wrong"}
    with _client(gateway, _THIEF) as thief:

        def guess() -> int:
            return thief.post("/oauth/token", data=form).status_code

        eventually(lambda: "own:/oauth" in _routes(gateway), what="the authorization server")
        assert {guess() for _ in range(40)} == {401}
        eventually(lambda: guess() == 403, what="refused", within=_SECONDS)


def _routes(gateway: Gateway) -> str:
    return (gateway.state / "current" / "routes-external.json").read_text()


_THINGS = "/lamps/v1/things"
# A tenth of the partner's limit, as the access log's readers are told it.
_WHOLE, _TENTH = '"minute";q=6000;w=60', '"minute";q=600;w=60'
_ENDS = timedelta(minutes=16)


def test_a_partner_that_scans_is_slowed_down_until_it_is_over_and_no_other(
    gateway: Gateway,
) -> None:
    scanning, other = (gateway.a_partner_key("one", application=name) for name in ("scan", "sync"))
    customer = gateway.a_key(developer="grace", plan="fast")

    def policies(key: str) -> set[str]:
        """As both workers tell it."""
        calls = [gateway.call(_THINGS, key=key) for _ in range(6)]
        assert {call.status_code for call in calls} <= {200, 429}
        return {call.headers["ratelimit-policy"] for call in calls}

    def scan(more: str) -> None:
        with gateway.connection() as client:
            for number in range(100):
                path = f"/lamps/v1/{more}/{number}/of/nothing"
                assert client.get(path, headers={"x-api-key": scanning}).status_code == 404

    heard = gateway.heard()
    assert policies(scanning) == policies(other) == {_WHOLE}
    scan("first")
    eventually(lambda: policies(scanning) == {_TENTH}, what="slowed down", within=_SECONDS)
    assert policies(other) == {_WHOLE}
    assert gateway.call(_THINGS, key=customer).status_code == 200

    # What is good of it is served, at a tenth of its limit; another key of it is not held up.
    with gateway.connection() as client:
        answers = [client.get(_THINGS, headers={"x-api-key": scanning}) for _ in range(250)]
        statuses = [answer.status_code for answer in answers]
        assert 0 < statuses.count(429) < 250
        assert int(answers[-1].headers["retry-after"]) <= 1
        others = [client.get(_THINGS, headers={"x-api-key": other}) for _ in range(50)]
        assert {answer.status_code for answer in others} == {200}

    gateway.wait_until_it_says("partner:partner_one", since=heard)  # whose manager is told
    (block,) = [
        each
        for each in json.loads(gateway.forecourt("block", "list", "--format", "json").stdout)
        if each["detector"] == "scanning"
    ]
    assert block["measure"] == "throttle"

    clock = gateway.clock
    assert clock is not None
    clock.set_off(_ENDS)
    assert policies(scanning) == {_WHOLE}
    clock.set_off(timedelta())
    eventually(lambda: policies(scanning) == {_TENTH}, what="it stands again")
    gateway.forecourt("block", "lift", block["id"])
    eventually(lambda: policies(scanning) == {_WHOLE}, what="lifted", within=SOON)
