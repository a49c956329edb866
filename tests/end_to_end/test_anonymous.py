"""Who brings no credential may call what a waiver opens, as often as an address may."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
import pytest

from forecourt.actions.api_key import new_key
from tests.actions.builders import chance
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_partner, an_api, an_estate, as_yaml
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem, without_its_id
from tests.end_to_end.test_tricks import as_read_by_the_careless
from tests.end_to_end.upstream import Upstream, an_upstream

FORGED = "forged-7"
WAIVER = "waivers/rates-for-anybody.yaml"
# What 60 requests a minute let through at once.
AT_ONCE = 15


def _contract() -> dict[str, Any]:
    answer = {"200": {"description": "fine", "content": {"application/json": {"schema": {}}}}}
    note = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
    day = {"name": "day", "in": "path", "required": True, "schema": {"type": "string"}}
    anybody: dict[str, Any] = {"security": [], "responses": answer}
    somebody: dict[str, Any] = {"responses": answer}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "security": [{"key": []}],
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        "paths": {
            "/rates": {"get": anybody, "post": somebody},
            "/rates/{day}": {
                "parameters": [day],
                "get": {**anybody, "security": [{"key": []}, {}]},
                "delete": somebody,
            },
            "/rates/closing": {"get": somebody},
            "/notes": {
                "post": {
                    **anybody,
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": {"schema": note}},
                    },
                }
            },
            "/margins": {"get": {**anybody, "x-audience": "partner"}},
            "/orders": {"get": somebody},
        },
    }


def _waiver(**fields: Any) -> str:
    return as_yaml(
        {
            "rule": "anonymous-operation",
            "api": "shop",
            "owner": "shop",
            "because": "the rates are printed in every newspaper",
            "approved_by": ["api-review-board"],
            "expires": "2099-01-01",
            **fields,
        }
    )


@dataclass(slots=True, kw_only=True)
class Shop:
    """A gateway, what is behind it, a customer's key, and addresses that nobody called from."""

    gateway: Gateway
    upstream: Upstream
    key: str
    addresses: Iterator[str]

    def stranger(self, address: str | None = None) -> httpx.Client:
        """Somebody at an address of loopback, who brings nothing."""
        transport = httpx.HTTPTransport(
            verify=self.gateway.tls(), local_address=address or next(self.addresses)
        )
        return httpx.Client(base_url=self.gateway.base(), transport=transport, timeout=10)

    def asks(self, method: str, path: str, **more: Any) -> httpx.Response:
        """What a stranger reads, from an address of its own."""
        with self.stranger() as client:
            return client.request(method, path, **more)


@pytest.fixture(scope="module")
def shop(started_once: Started) -> Iterator[Shop]:
    with an_upstream() as upstream:
        apis = {
            name: an_api(audience, upstream=f"{upstream.url}/{name}/")
            for name, audience in (
                ("shop", "public"),
                ("plain", "public"),
                ("prices", "partner"),
                ("ledger", "internal"),
            )
        }
        gateway = started_once(
            an_estate(
                apis=apis,
                partners={"one": a_partner("prices", "shop")},
                files={
                    **{f"apis/{name}/openapi.yaml": as_yaml(_contract()) for name in apis},
                    WAIVER: _waiver(),
                },
                local=False,
            )
        )
        addresses = (f"127.0.7.{n}" for n in count(1))
        yield Shop(gateway=gateway, upstream=upstream, key=gateway.a_key(), addresses=addresses)


def reason(answer: httpx.Response) -> tuple[int, dict[str, Any]]:
    return answer.status_code, without_its_id(problem(answer.text))


def fields(answer: httpx.Response) -> dict[str, str]:
    """The fields of an answer that do not tell one request from another."""
    varying = {"date", "content-length", "x-request-id"}
    return {name: value for name, value in answer.headers.items() if name not in varying}


def test_anybody_may_call_what_asks_for_no_credential(shop: Shop) -> None:
    for method, path in (("GET", "/shop/v1/rates"), ("GET", "/shop/v1/rates/monday")):
        answer = shop.asks(method, path)
        assert answer.status_code == 200, answer.text
        assert answer.headers["ratelimit-policy"] == '"minute";q=60;w=60'
        assert answer.headers["ratelimit"].startswith(f'"minute";r={AT_ONCE - 1};')
    assert shop.asks("POST", "/shop/v1/notes", json={"text": "hello"}).status_code == 200


def test_the_upstream_is_told_that_nobody_is_known_whatever_is_forged(shop: Shop) -> None:
    forged = {
        f"forecourt-{name}": FORGED
        for name in ("consumer", "application", "audience", "subject", "scopes", "credential")
    }
    assert shop.asks("GET", "/shop/v1/rates", headers=forged).status_code == 200
    received = shop.upstream.last()
    assert received.header("forecourt-consumer") == "anonymous"
    assert received.header("forecourt-audience") == "public"
    for name in ("application", "credential", "subject", "scopes", "features"):
        assert received.values(f"forecourt-{name}") == [], name
    assert FORGED not in str(received.headers)


ELSEWHERE = (
    *(("GET", f"/shop/v1/{rest}") for rest in ("orders", "margins", "rates/closing", "nothing")),
    *(
        ("GET", path)
        for path in ("/shop/v1/", "/shop/", "/", "/nothing/v1/rates", "/shop/v2/rates")
    ),
    *(
        ("GET", f"/{api}/{v}rates")
        for api, v in (("plain", "v1/"), ("prices", "v1/"), ("ledger", ""))
    ),
    *((method, "/shop/v1/rates") for method in ("POST", "PUT", "OPTIONS", "PATCH", "PROPFIND")),
    *(("DELETE", "/shop/v1/rates/monday"), ("GET", "/shop/v1/notes"), ("HEAD", "/shop/v1/notes")),
    *(("HEAD", "/shop/v1/orders"), ("OPTIONS", "/shop/v1/nothing")),
)


def test_all_else_reads_as_what_never_was(shop: Shop) -> None:
    nowhere = shop.asks("GET", "/no-such-thing")
    assert nowhere.status_code == 401
    before = len(shop.upstream.received)
    for method, path in ELSEWHERE:
        answer = shop.asks(method, path)
        assert answer.status_code == 401, (method, path)
        assert fields(answer) == fields(nowhere), (method, path)
        if method != "HEAD":
            assert reason(answer) == reason(nowhere), (method, path)
    assert len(shop.upstream.received) == before


# As others may read `/rates/closing`, which is no day.
SPELLINGS = (
    *("Closing", "CLOSING", "closing;x=1", "closing.json", "closing.", "closing%20", "%63losing"),
    *("closing%3bx", "cl%6fsing", "monday/../closing", "./closing", "closing/", "/closing"),
    *("monday%2f..%2fclosing", "..%2frates%2fclosing", "closing%00", "closing%09", "closing%2e"),
    *("%2563losing", "c%6Closing;", "closing?x", "closing%3F", "\uff43losing", "closing%c0%ae"),
    *("monday/..;/closing", "%2e/closing", "closing\\", "closing%5c", "closing%23", "..\\closing"),
)


@pytest.mark.parametrize("spelled", SPELLINGS)
def test_no_spelling_of_another_path_is_taken_for_what_is_open(shop: Shop, spelled: str) -> None:
    before = len(shop.upstream.received)
    path = f"/shop/v1/rates/{spelled}"
    request = b"GET " + path.encode() + b" HTTP/1.1\r\nhost: localhost\r\n\r\n"
    answer = shop.gateway.raw(request)
    assert answer is None or answer.status in (200, 400, 401), answer
    for received in shop.upstream.received[before:]:
        assert as_read_by_the_careless(received.path).casefold() != "/shop/rates/closing/", received


def test_a_head_is_as_open_as_what_it_is_of(shop: Shop) -> None:
    answer = shop.asks("HEAD", "/shop/v1/rates")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("name", ["x-http-method-override", "x-http-method", "x-method-override"])
def test_no_field_makes_it_another_method(shop: Shop, name: str) -> None:
    assert shop.asks("POST", "/shop/v1/rates", headers={name: "GET"}).status_code == 401
    assert shop.asks("GET", "/shop/v1/rates", headers={name: "POST"}).status_code == 200
    received = shop.upstream.last()
    assert (received.method, received.header(name)) == ("GET", None)


@pytest.mark.parametrize(
    "brought",
    [
        {"x-api-key": "nonsense"},
        {"x-api-key": ""},
        {"x-api-key": new_key(chance("nobody"), is_test=False)},
        {"authorization": "Bearer nonsense"},
        {"authorization": "Basic YWRhOmFkYQ=="},
        {"authorization": ""},
    ],
    ids=str,
)
def test_a_wrong_credential_is_refused_where_none_would_do(
    shop: Shop, brought: dict[str, str]
) -> None:
    assert shop.asks("GET", "/shop/v1/rates", headers=brought).status_code == 401


def test_who_brings_a_key_is_who_it_was_given_to(shop: Shop) -> None:
    answer = shop.asks("GET", "/shop/v1/rates", headers={"x-api-key": shop.key})
    assert answer.headers["ratelimit-policy"] == '"minute";q=100;w=60'
    assert shop.upstream.last().header("forecourt-consumer") == "developer:ada"
    assert shop.asks("GET", "/shop/v1/orders", headers={"x-api-key": shop.key}).status_code == 200


def test_what_it_sends_is_held_to_the_contract(shop: Shop) -> None:
    assert shop.asks("POST", "/shop/v1/notes", json={"words": "hello"}).status_code == 422
    assert shop.asks("GET", "/shop/v1/rates?of=today").status_code == 400
    large = json.dumps({"text": "x" * (1024 * 1024)}).encode()
    headers = {"content-type": "application/json"}
    assert shop.asks("POST", "/shop/v1/notes", headers=headers, content=large).status_code == 413


def test_an_address_has_one_bucket_whatever_it_says_and_another_has_its_own(shop: Shop) -> None:
    address = next(shop.addresses)
    statuses = []
    for n in range(AT_ONCE + 5):
        said = {"x-forwarded-for": f"203.0.113.{n}", "forwarded": f"for=203.0.113.{n}"}
        said |= {"x-real-ip": f"203.0.113.{n}", "x-envoy-external-address": f"203.0.113.{n}"}
        with shop.stranger(address) as client:  # a connection each, so that both workers are asked
            statuses.append(client.get("/shop/v1/rates", headers=said))
    codes = [answer.status_code for answer in statuses]
    assert codes.count(200) in (AT_ONCE, AT_ONCE + 1), codes
    refused = statuses[-1]
    assert refused.status_code == 429
    assert reason(refused)[1]["type"].endswith("rate-limited")
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["ratelimit"].startswith('"minute";r=0;')
    assert shop.asks("GET", "/shop/v1/rates").status_code == 200
    with shop.stranger(address) as client:
        assert client.get("/shop/v1/orders").status_code == 401
        with_key = client.get("/shop/v1/rates", headers={"x-api-key": shop.key})
    assert with_key.status_code == 200


def test_inside_nobody_comes_unknown(shop: Shop) -> None:
    assert shop.gateway.call("/shop/v1/rates", listener="internal").status_code == 401
    assert shop.gateway.call("/shop/v1/rates", service="orders").status_code == 200
    assert shop.upstream.last().header("forecourt-consumer") == "service:orders"


def test_why_says_who_that_was_and_who_may(shop: Shop) -> None:
    told = shop.gateway.forecourt("why", "--as", "anonymous", "GET", "/shop/v1/rates").stdout
    assert "anybody may call this, by a waiver" in told
    words = " ".join(told.split())
    assert "each address's 60 a minute, 15 at once; the bucket of its address" in words
    assert told.count(f"{WAIVER}:") == 2, "who may call, and that no credential is asked for"
    assert "folder differs" not in told
    told = shop.gateway.forecourt("why", "--as", "anonymous", "GET", "/shop/v1/orders").stdout
    assert "no credential that counts" in told
    request = shop.asks("GET", "/shop/v1/rates").headers["x-request-id"]
    eventually(lambda: shop.gateway.run("why", request).exit_code == 0, what="the line")
    told = shop.gateway.forecourt("why", request).stdout
    assert "anybody may call this, by a waiver" in told


def test_it_ends_with_its_waiver_and_comes_back_only_if_somebody_opens_it(shop: Shop) -> None:
    gateway = shop.gateway
    number = gateway.revision()
    gateway.remove(WAIVER)
    gateway.wait_for_revision(number + 1)
    eventually(lambda: shop.asks("GET", "/shop/v1/rates").status_code == 401, what="the end")
    gateway.save(WAIVER, _waiver())
    opening = "anybody, without a credential: may call GET /rates of shop version 1"
    eventually(lambda: opening in gateway.said(), what="what would open")
    assert shop.asks("GET", "/shop/v1/rates").status_code == 401
    gateway.forecourt("open", "shop", "--because", "the board said so")
    eventually(lambda: shop.asks("GET", "/shop/v1/rates").status_code == 200, what="the opening")
    record = gateway.forecourt("revisions", "--most", "1").stdout
    assert opening in record or "the board said so" in record
