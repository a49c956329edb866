"""Who attacks is refused within seconds; who calls beside it is not."""

from __future__ import annotations

import json
import time

import httpx

from forecourt.actions.api_key import new_key
from tests.actions.builders import chance
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import an_api, an_estate
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway

# What a guess takes to be written, read and answered: three looks, a second apart at most; and what
# else runs here meanwhile.
_SECONDS = 8

_PLANS = {"fast": {"rate_limit": {"requests_per_minute": 100_000}}}
# Linux answers on all of 127/8, so that callers have addresses of their own.
_GUESSER, _THIEF, _CUSTOMER = "127.0.0.66", "127.0.0.67", "127.0.0.77"


def _client(gateway: Gateway, address: str) -> httpx.Client:
    transport = httpx.HTTPTransport(verify=gateway.tls(), local_address=address)
    return httpx.Client(base_url=gateway.base(), transport=transport, timeout=10)


def test_a_guesser_is_refused_and_a_busy_customer_is_not(started: Started) -> None:
    gateway = started(an_estate(apis={"lamps": an_api()}, plans=_PLANS))
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
        begun = time.monotonic()
        eventually(lambda: guess(99) == 403, what="refused", within=_SECONDS)
        assert time.monotonic() - begun < _SECONDS
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
