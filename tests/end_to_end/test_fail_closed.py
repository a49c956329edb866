"""Whatever breaks in the edge: nothing passes, nothing unfinished leaves, and it lives on."""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from ssl import PEM_cert_to_DER_cert
from typing import Any

import httpx
import pytest

from forecourt.actions.api_key import new_key
from forecourt.actions.entitlement import Entitlement
from forecourt.actions.networks import network_digits
from forecourt.actions.signing_key import SigningKey, generate_signing_key
from forecourt.compiler.envoy.gate import LUA_FILTER
from forecourt.compiler.ir.callers import Limit
from forecourt.edge.authority import KeyPair, LocalAuthority
from forecourt.edge.code import install_lua
from forecourt.estate.audience import Audience
from forecourt.server.entitlement_lines import entitlement_lines
from forecourt.store.signing_keys import SigningKeyFiles
from tests.actions.builders import chance
from tests.compiler.builders import prefixes
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import (
    a_contract,
    a_partner,
    an_api,
    an_estate,
    an_organization,
    as_yaml,
)
from tests.end_to_end.eventually import eventually
from tests.end_to_end.faults import Fault, FaultyCode, every_fault
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem
from tests.end_to_end.raw_socket import RawServer, a_raw_server
from tests.end_to_end.upstream import Upstream, an_upstream

SECRET = "Traceback: db-7.inside.example refused svc_users"

# What upstreams answer when they are well: as declared, and a little more than that.
WELL: tuple[int, Mapping[str, str], bytes] = (
    200,
    {"content-type": "application/json"},
    json.dumps({"name": "lamp", "trace": SECRET}).encode(),
)

# It has the form of a key.
OF_NOBODY = new_key(chance("nobody"), is_test=False)

# They run while Envoy loads the code: it does not take listeners whose code fails then.
WHILE_LOADING = {
    *(
        "blocks: _M.follow",
        "buckets: _M.follow",
        "contracts: _M.forget_with",
        "entitlements: _M.reserve",
        "gate: _M.new",
        "news: _M.follow",
    ),
    *("inward: _M.ask", "presented: _M.sources", "sandbox: _M.close"),
}
# These may see the upstream's answer: it was asked before they run.
ON_THE_WAY_OUT = {
    *("allowances", "answers", "attention", "faults", "leak_counts", "leak_places", "lowering"),
    "marks",
    *("noting", "observing", "problems", "replacing", "whole"),
}
# Answers that are only looked at: whatever becomes of that, they may leave.
OBSERVED = {"an answer that is observed"}
# The mark is set when these end: the last statement of the way in.
ADMITTED_BY_THEN = {
    *("admission: _M.admit, at its end", "admission: _M.admit_anybody, at its end"),
    "gate: _M.request, at its end",
}
# Met on the way out, of a module that the way in meets too.
MET_ON_IT = {"functions: _M.turns", "functions: _M.turns, at its end"}


@dataclass(slots=True, kw_only=True)
class House:
    """A gateway with every kind of caller, and the upstream of all its APIs."""

    gateway: Gateway
    upstream: Upstream
    odd: RawServer
    faulty: FaultyCode
    keys: Mapping[str, str]
    certificate: KeyPair
    service_token: str
    signer: SigningKey
    client: str
    _judged: Iterator[str]
    _before: int = 0
    _tokens: int = 0

    def call(self, path: str, **given: Any) -> httpx.Response:
        """A call; `asked` and `faults` are about the last of them."""
        self.faults()
        self._before = len(self.upstream.received)
        return self.gateway.call(path, **given)

    def asked(self) -> int:
        """How often the last call reached the upstream."""
        return len(self.upstream.received) - self._before

    def faults(self) -> list[str]:
        """The faults that happened since this was asked or somebody called."""
        return self.faulty.hits()

    def own_token(self) -> str:
        """A bearer token as our authorization server signs it."""
        (key,) = SigningKeyFiles(self.gateway.state).access_tokens()
        now = datetime.now(UTC)
        claims = {
            "iss": "https://localhost",
            "aud": "https://localhost",
            "sub": self.client,
            "client_id": self.client,
            "exp": int((now + timedelta(minutes=5)).timestamp()),
            "jti": f"tok_{now.timestamp()}",
        }
        return key.key.sign(claims, type="at+jwt")

    def judged_key(self) -> str:
        """The key of somebody whose calls the control plane judges.

        Of an application it judges one a second, and ten at once (forecourt.fallback); so it is
        another each time.
        """
        return next(self._judged)

    def token(self) -> str:
        """A bearer token of the declared issuer.

        An application that nobody has a plan for may call 100 times a minute, and is asked for more
        often than that; so now and then it is another.
        """
        self._tokens += 1
        expires = datetime.now(UTC) + timedelta(hours=1)
        return self.signer.sign(
            {
                "iss": "https://id.acme.example/",
                "aud": "https://api.acme.example",
                "azp": f"app-{self._tokens // 50}",
                "sub": "somebody",
                "exp": int(expires.timestamp()),
            }
        )


@pytest.fixture(scope="module")
def house(started_once: Started, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    signer = generate_signing_key()
    certificate = a_certificate(tmp_path_factory.mktemp("partner"))
    with an_upstream() as upstream, a_raw_server() as odd:
        gateway = started_once(an_estate_with_everything(upstream, odd, signer, certificate))
        upstream.answers(*WELL)
        blocked = gateway.a_key(developer="mallory")
        gateway.forecourt("block", "add", "developer:mallory", "--for", "24h")
        given = ("client", "add", "--developer", "cleo", "--application", "shop", "--plan", "fast")
        client = gateway.forecourt(*given).stdout.split()[0].removeprefix("client_id=")
        eventually(
            lambda: gateway.call("/oauth/jwks").status_code == 200, what="the authorization server"
        )
        yield House(
            gateway=gateway,
            upstream=upstream,
            odd=odd,
            faulty=FaultyCode(gateway),
            keys={
                "developer": gateway.a_key(plan="fast"),
                "slow": gateway.a_key(developer="bob", plan="slow"),
                "blocked": blocked,
                "partner": gateway.a_partner_key("one"),
                "here": gateway.a_key(developer="hedy", plan="fast", **{"from": "127.0.0.0/8"}),
                "elsewhere": gateway.a_key(developer="hedy", **{"from": "203.0.113.0/24"}),
                "test": gateway.a_test_key(developer="tess", plan="fast"),
                "unpinned": gateway.a_test_key(partner="one", application="trial"),
            },
            certificate=certificate,
            service_token=gateway.a_service_token("orders"),
            signer=signer,
            client=client,
            _judged=cycle([gateway.a_key(developer=f"judged_{n}", plan="fast") for n in range(4)]),
        )


def an_estate_with_everything(
    upstream: Upstream, odd: RawServer, signer: SigningKey, certificate: KeyPair
) -> Gateway:
    der = PEM_cert_to_DER_cert(certificate.certificate.read_text())
    contract = {"contract": "openapi.yaml"}
    gateway = an_estate(
        apis={
            "lamps": an_api(
                upstream=f"{upstream.url}/lamps/",
                versions={
                    "1": {
                        **contract,
                        "status": "deprecated",
                        "deprecated": "2020-01-01",
                        "sunset": "2022-01-01",
                    },
                    "2": {
                        **contract,
                        "status": "deprecated",
                        "deprecated": "2026-01-01",
                        "sunset": "2036-01-01",
                    },
                    "3": contract,
                },
            ),
            "prices": an_api(
                "partner",
                upstream=f"{upstream.url}/prices/",
                versioning={"scheme": "header"},
                versions={
                    "2024-01-01": {
                        **contract,
                        "status": "deprecated",
                        "deprecated": "2026-01-01",
                        "sunset": "2035-01-01",
                    },
                    "2025-01-01": contract,
                },
            ),
            "odd": an_api(upstream=f"{odd.url}/odd/"),
            "open": an_api(upstream=f"{upstream.url}/open/", posture={"anonymous_limit": FAST}),
            "inner": an_api("internal", upstream=f"{odd.url}/inner/"),
            "old": {
                **an_api(
                    versions={
                        "1": {"contract": "v1.openapi.yaml"},
                        "2": {"contract": "v2.openapi.yaml"},
                    }
                ),
                "upstream": {"url": f"{upstream.url}/old/", "version": "2"},
            },
            "made": {
                **an_api(
                    versions={
                        "1": {"contract": "v1.openapi.yaml"},
                        "2": {"contract": "v2.openapi.yaml"},
                    }
                ),
                "upstream": {"url": f"{upstream.url}/made/", "version": "2"},
            },
            "flagged": {
                "audience": "internal",
                "owner": {"team": "shop"},
                "upstream": {"url": f"{upstream.url}/flagged/"},
                "versioning": {"scheme": "flags"},
                "versions": {"early": {**contract, "feature": "early"}, "plain": contract},
            },
            "stock": an_api("internal", upstream=f"{upstream.url}/stock/", allow=["orders"]),
            "seen": an_api(
                "internal",
                upstream=f"{upstream.url}/seen/",
                posture={"response_check": "observe"},
            ),
        },
        partners={
            "one": a_partner(
                apis={"prices": {"allowed_versions": ["2024-01-01", "2025-01-01"]}},
                enabled_features=["early"],
                sunsets={"prices": {"2024-01-01": "2036-01-01"}},
            ),
            "two": a_partner(
                id="partner_two",
                apis={"prices": {"allowed_versions": ["2025-01-01"]}},
                certificates={"sha256": [sha256(der).hexdigest()]},
            ),
        },
        plans={
            "fast": {"rate_limit": FAST},
            "slow": {"rate_limit": {"requests_per_minute": 1}},
        },
        files={
            "keys/acme-id.json": signer.jwks(),
            "apis/lamps/openapi.yaml": as_yaml(_with_something_hidden()),
            "apis/open/openapi.yaml": as_yaml({**a_contract("open"), "security": []}),
            "waivers/anybody.yaml": as_yaml(_a_waiver("anonymous-operation")),
            "waivers/fast.yaml": as_yaml(_a_waiver("laxer-than-posture")),
            "apis/old/v1.openapi.yaml": as_yaml(_priced({"type": "integer"})),
            "apis/old/v2.openapi.yaml": as_yaml(_priced({"type": "string"})),
            "apis/old/changes/2.yaml": as_yaml(_IN_TEXT),
            "apis/made/v1.openapi.yaml": as_yaml(_priced({"type": "integer"})),
            "apis/made/v2.openapi.yaml": as_yaml(_priced({"type": "string"})),
            "apis/made/changes/2.yaml": as_yaml(_BY_FUNCTIONS),
            "apis/made/changes/prices.py": _PRICES,
        },
        local=False,
        workers=1,
    )
    issuer = {
        "name": "acme-id",
        "issuer": "https://id.acme.example/",
        "jwks": "keys/acme-id.json",
        "token_audience": "https://api.acme.example",
        "callers": "public",
        "consumer_claim": "azp",
    }
    organization = an_organization(
        gateway.ports, identity={"issuers": [issuer]}, features={"early": "early access"}
    )
    gateway.save("forecourt.yaml", as_yaml(organization))
    return gateway


FAST = {"requests_per_minute": 1_000_000}


def _a_waiver(rule: str) -> dict[str, Any]:
    return {
        "rule": rule,
        "api": "open",
        "owner": "shop",
        "because": "anybody may call it, and often",
        "approved_by": ["board"],
        "expires": "2099-01-01",
    }


# Prices were whole cents, and are decimal texts.
_IN_TEXT = {
    "version": "2",
    "summary": "Prices are texts",
    "changes": [
        {
            "convert": "price",
            "in": ["Thing"],
            "from": "minor_units",
            "to": "decimal",
            "currency": "USD",
            "on_loss": "refuse",
            "because": "nobody should have to divide",
        }
    ],
}


_BY_FUNCTIONS = {
    "version": "2",
    "summary": "Prices are texts",
    "changes": [
        {
            "function": "prices.py",
            "raise": "raised",
            "lower": "lowered",
            "in": ["PUT /things/{id}"],
            "because": "no lens knows them",
        },
        {
            "function": "prices.py",
            "lower": "lowered",
            "in": ["GET /things/{id}"],
            "because": "no lens knows them",
        },
    ],
}
_PRICES = """
def raised(body):
    return {**body, "price": str(body.get("price", 0))}


def lowered(body):
    return {**body, "price": int(body.get("price", "0"))}
"""


def _priced(price: dict[str, Any]) -> dict[str, Any]:
    """The contract of things that have a name and a price."""
    thing = {"type": "object", "properties": {"name": {"type": "string"}, "price": price}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    answer = {"200": {"description": "it", "content": content}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Old", "version": "1"},
        "paths": {
            "/things/{id}": {
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
                ],
                "get": {"responses": answer},
                "put": {"requestBody": {"content": content}, "responses": answer},
            }
        },
        "components": {"schemas": {"Thing": thing}},
    }


def _with_something_hidden() -> dict[str, Any]:
    """The contract, with a path and a member of a body that are for colleagues."""
    contract = a_contract("lamps")
    got, ours = contract["paths"]["/things/{id}"], {"x-audience": "internal"}
    contract["paths"]["/things/mine"] = {**got, **ours}
    hiding = {"type": "object", "properties": {"risk": ours}, "additionalProperties": True}
    body = contract["paths"]["/things"]["post"]["requestBody"]
    contract["paths"]["/things"]["post"]["requestBody"] = {
        **body,
        "content": {"application/json": {"schema": hiding}},
    }
    contract["paths"]["/ending"] = {"get": _ending(got["get"]["responses"])}
    return contract


def _ending(responses: Any) -> dict[str, Any]:
    """An operation that ends, with parameters that do."""
    dated = {"deprecated": True, "x-deprecated-since": "2026-01-01", "x-sunset": "2036-01-01"}
    parameters = [
        {"name": "old", "in": place, "schema": {"type": "string"}, **dated}
        for place in ("query", "cookie")
    ]
    return {"responses": responses, "parameters": parameters, **dated}


def a_certificate(folder: Path) -> KeyPair:
    """A partner's own, from an authority that nobody here knows."""
    now = datetime.now(UTC)
    authority = LocalAuthority(folder, "partner")
    authority.ensure(now)
    pair = KeyPair(certificate=folder / "two.pem", key=folder / "two.key")
    authority.client(pair, "spiffe://partner.example/two", now)
    return pair


# --- what is asked of every broken edge -----------------------------------------------------------

Probe = Callable[[House], httpx.Response]


def _call(path: str, **given: Any) -> Probe:
    return lambda house: house.call(path, **given)


def _with_key(path: str, key: str = "developer", **given: Any) -> Probe:
    return lambda house: house.call(path, key=house.keys[key], **given)


def _failing(probe: Probe) -> Probe:
    """The same while the upstream fails."""
    return _while_it_says(probe, 500, "text/plain", SECRET)


def _while_it_says(probe: Probe, status: int, media_type: str, body: str) -> Probe:
    """The same while the upstream says something else than it does when it is well."""

    def asked(house: House) -> httpx.Response:
        fields = {"content-type": media_type, "x-debug": SECRET}
        with answering(house.upstream, status, fields, body.encode()):
            return probe(house)

    return asked


@contextmanager
def answering(
    upstream: Upstream, status: int, headers: Mapping[str, str], body: bytes
) -> Iterator[None]:
    upstream.answers(status, {"content-type": "text/plain", **headers}, body)
    try:
        yield
    finally:
        upstream.answers(*WELL)


def _beyond_the_limit(house: House) -> httpx.Response:
    for _ in range(2):
        house.call("/lamps/v3/things", key=house.keys["slow"])
    return house.call("/lamps/v3/things", key=house.keys["slow"])


def _too_many_judged_by_others(house: House) -> httpx.Response:
    """More bodies than the control plane judges for one application at once."""
    key = house.keys["developer"]
    for _ in range(15):
        _judged(house, key, b'"ab"')
    return _judged(house, key, b'"ab"')


def _judged_by_others(body: bytes) -> Probe:
    return lambda house: _judged(house, house.judged_key(), body)


def _judged(house: House, key: str, body: bytes) -> httpx.Response:
    return house.call("/lamps/v3/judged", method="POST", body=body, key=key, headers=JSON)


JSON = {"content-type": "application/json"}


def _as_partner_two(house: House) -> httpx.Response:
    return house.call("/prices/things", host="two.localhost", certificate=house.certificate)


def _with_a_service_token(house: House) -> httpx.Response:
    fields = {"x-internal-service-token": house.service_token}
    return house.call("/stock/things", listener="internal", headers=fields)


def _with_a_token_of_nobody(house: House) -> httpx.Response:
    token = generate_signing_key().sign({"iss": "https://id.acme.example/"})
    return house.call("/lamps/v3/things", token=token)


def _two_callers(house: House) -> httpx.Response:
    keys = house.keys
    return house.call("/lamps/v3/things", key=keys["developer"], token=keys["partner"])


def _one_caller_twice(house: House) -> httpx.Response:
    key = house.keys["developer"]
    return house.call("/lamps/v3/things", key=key, token=key)


def _after_news(house: House, *lines: str) -> httpx.Response:
    """A call by a known key, when the edge has just heard something."""
    house.call("/lamps/v3/things", key=house.keys["developer"])
    house.call("/lamps/v3/things", key=OF_NOBODY)
    path = house.gateway.state / "run" / "news"
    said_before = path.read_text()
    store, latest = said_before.splitlines()[0].split()
    text = "".join(f"{line}\n" for line in lines).format(*range(int(latest) + 1, int(latest) + 9))
    path.write_text(f"{store} {int(latest) + len(lines)}\n{text}" if lines else "garbage\n")
    try:
        time.sleep(NEWS_SECONDS)
        return house.call("/lamps/v3/things", key=house.keys["developer"])
    finally:
        path.write_text(said_before)


def _after_news_of_one(house: House) -> httpx.Response:
    return _after_news(house, "{0} credential key_x", "{1} consumer developer%3Aada")


def _after_other_news(house: House) -> httpx.Response:
    return _after_news(house, "{0} everything -")


def _after_no_news(house: House) -> httpx.Response:
    return _after_news(house)


def _while_nobody_answers(house: House) -> httpx.Response:
    """A known caller about whom the edge would ask again, if it could."""
    time.sleep(NEWS_SECONDS)  # what was heard before is forgotten by then
    house.call("/lamps/v3/things", key=house.keys["developer"])
    with house.gateway.paused():
        return _after_news(house)


def _from_a_blocked_address(house: House) -> httpx.Response:
    path = house.gateway.state / "run" / "blocks"
    said_before = path.read_text()
    path.write_text(f"blocks probe 1\n{network_digits('127.0.0.0/8')} 9999999999\n")
    try:
        time.sleep(NEWS_SECONDS)
        return house.call("/lamps/v3/things", key=house.keys["developer"])
    finally:
        path.write_text(said_before)
        time.sleep(NEWS_SECONDS)


# Workers look this often (forecourt.news, forecourt.blocks).
NEWS_SECONDS = 0.3

PROBES: dict[str, Probe] = {
    "a key": _with_key("/lamps/v3/things"),
    "a test key": _with_key("/lamps/v3/things", "test"),
    "a key that may come from here": _with_key("/lamps/v3/things", "here"),
    "a key that may not": _with_key("/lamps/v3/things", "elsewhere"),
    "a version with a sunset": _with_key("/lamps/v2/things"),
    "a version that is gone": _with_key("/lamps/v1/things"),
    "an operation and parameters that end": _with_key(
        "/lamps/v3/ending?old=1", headers={"cookie": "old=1"}
    ),
    "a path in UTF-8": _with_key("/lamps/v3/files/%E6%9D%B1.json"),
    "a path of two parts in UTF-8": _with_key("/lamps/v3/both/%E6%9D%B1%E4%BA%AC"),
    "a parameter that is not as declared": _with_key("/lamps/v3/counted?limit=x"),
    "a body that is missing": _with_key("/lamps/v3/judged", method="POST", headers=JSON),
    "a hidden member": _with_key(
        "/lamps/v3/things", method="POST", body=b'{"risk":1,"id":2}', headers=JSON
    ),
    "a path that others read as a hidden one": _with_key("/lamps/v3/things/Mine.json"),
    "a body of no kind": _with_key("/lamps/v3/things", method="POST", body=b"[]"),
    "a body that is not as declared": _with_key(
        "/lamps/v3/things", method="POST", body=b"[]", headers=JSON
    ),
    "a path in two readings": _with_key("/lamps/v3/%252e"),
    "a blocked caller": _with_key("/lamps/v3/things", "blocked"),
    "no credential": _call("/lamps/v3/things"),
    "no credential where none is asked for": _call("/open/v1/things"),
    "no key at all": _call("/lamps/v3/things", key="fc_live_no"),
    "a key of nobody": _call("/lamps/v3/things", key=OF_NOBODY),
    "a token": lambda house: house.call("/lamps/v3/things", token=house.token()),
    "one caller twice": _one_caller_twice,
    "two callers": _two_callers,
    "a token whose key nobody knows": _with_a_token_of_nobody,
    "a token of our own": lambda house: house.call("/lamps/v3/things", token=house.own_token()),
    "the authorization server": _call("/oauth/jwks"),
    "a partner": _with_key("/prices/things", "partner"),
    "a partner that nothing pins": _with_key("/prices/things", "unpinned"),
    "a partner and a day": _with_key(
        "/prices/things", "partner", headers={"api-version": "2024-06-30"}
    ),
    "a partner and a day of nothing": _with_key(
        "/prices/things", "partner", headers={"api-version": "1999-06-30"}
    ),
    "a partner with a certificate": _as_partner_two,
    "a service": _call("/stock/things", service="orders"),
    "a service by flags": _call("/flagged/things", service="orders"),
    "a service that is not allowed": _call("/stock/things", service="billing"),
    "a service with a token": _with_a_service_token,
    "a method that is not there": _with_key("/lamps/v3/things/7", method="PUT"),
    "a path that is not there": _with_key("/lamps/v3/nothing/at/all"),
    "a scope that a person gives": _with_key("/lamps/v3/approvals"),
    "a token without the scope": lambda house: house.call(
        "/lamps/v3/approvals", token=house.token()
    ),
    "TRACE": _with_key("/lamps/v3/things", method="TRACE"),
    "beyond the limit": _beyond_the_limit,
    "an upstream that fails": _failing(_with_key("/lamps/v3/things")),
    "an answer that is a page": _while_it_says(
        _with_key("/lamps/v3/things"), 200, "text/html", SECRET
    ),
    "an answer that is no JSON": _while_it_says(
        _with_key("/lamps/v3/things"), 200, "application/json", SECRET
    ),
    "a refusal that is not declared": _while_it_says(
        _with_key("/lamps/v3/things"), 418, "application/json", json.dumps(SECRET)
    ),
    "a body that is not declared": _while_it_says(
        _with_key("/lamps/v3/things", method="DELETE"), 202, "application/json", json.dumps(SECRET)
    ),
    "an answer that is observed": _call("/seen/things", service="orders"),
    "a version that the service does not speak": _with_key(
        "/old/v1/things/7", method="PUT", body=b'{"price":4990}', headers=JSON
    ),
    "what has no equal in what the service speaks": _call(
        "/old/v1/things/7", service="orders", method="PUT", body=b'{"price":1.5}', headers=JSON
    ),
    "what is no JSON, and would have to be raised": _call(
        "/old/v1/things/7",
        service="orders",
        method="PUT",
        body=b"x",
        headers={"content-type": "text/plain"},
    ),
    "what cannot be read to be raised": _call(
        "/old/v1/things/7", service="orders", method="PUT", body=b"{", headers=JSON
    ),
    "an answer that has no equal": _while_it_says(
        _with_key("/old/v1/things/7"), 200, "application/json", json.dumps({"price": SECRET})
    ),
}


EXPECTED = {
    "a key": 200,
    "a test key": 200,
    "a key that may come from here": 200,
    "a key that may not": 403,
    "a version with a sunset": 200,
    "a version that is gone": 410,
    "an operation and parameters that end": 200,
    "a path in UTF-8": 200,
    "a path of two parts in UTF-8": 200,
    "a parameter that is not as declared": 400,
    "a body that is missing": 400,
    "a hidden member": 200,
    "a path that others read as a hidden one": 404,
    "a body of no kind": 415,
    "a body that is not as declared": 422,
    "a path in two readings": 400,
    "a blocked caller": 403,
    "no credential": 401,
    "no credential where none is asked for": 200,
    "no key at all": 401,
    "a key of nobody": 401,
    "a token": 200,
    "a token whose key nobody knows": 401,
    "a token of our own": 200,
    "the authorization server": 200,
    "a partner that nothing pins": 200,
    "a partner and a day of nothing": 400,
    "a service by flags": 200,
    "one caller twice": 200,
    "two callers": 400,
    "a partner": 200,
    "a partner and a day": 200,
    "a partner with a certificate": 200,
    "a service": 200,
    "a service that is not allowed": 404,
    "a service with a token": 200,
    "a method that is not there": 405,
    "a path that is not there": 404,
    "a scope that a person gives": 403,
    "a token without the scope": 403,
    "TRACE": 405,
    "beyond the limit": 429,
    "an upstream that fails": 500,
    "an answer that is a page": 502,
    "an answer that is no JSON": 502,
    "a refusal that is not declared": 418,
    "a body that is not declared": 202,
    "an answer that is observed": 200,
    "a version that the service does not speak": 200,
    "what has no equal in what the service speaks": 422,
    "what is no JSON, and would have to be raised": 415,
    "what cannot be read to be raised": 400,
    "an answer that has no equal": 406,
}


def test_without_a_fault_each_is_answered_as_it_should_be(house: House) -> None:
    assert {name: probe(house).status_code for name, probe in PROBES.items()} == EXPECTED


# What the edge hears is looked at four times a second, so these take longer.
ABOUT_NEWS = {"news", "entitlements", "strangers", "texts"}
NEWS_PROBES: dict[str, Probe] = {
    "news of one": _after_news_of_one,
    "other news": _after_other_news,
    "garbled news": _after_no_news,
    "garbled news and nobody to ask": _while_nobody_answers,
}

ABOUT_BLOCKS = {"blocks", "addresses", "gate"}
BLOCK_PROBES: dict[str, Probe] = {"a blocked address": _from_a_blocked_address}

# What others judge has a limit of its own, so these have callers of their own.
ABOUT_OTHERS = {"fallback", "inward"}
OTHERS_PROBES: dict[str, Probe] = {
    "a body that others judge": _judged_by_others(b'"ab"'),
    "a body that others find wrong": _judged_by_others(b'"ac"'),
    "a parameter that others judge": lambda house: house.call(
        "/lamps/v3/counted?code=ab", key=house.judged_key()
    ),
    "bodies that others judge, too many": _too_many_judged_by_others,
}

# Functions have a limit too, which so few calls as these do not reach.
ABOUT_FUNCTIONS = {"functions", "lowering", "raising"}
FUNCTION_PROBES: dict[str, Probe] = {
    "what functions make": _with_key(
        "/made/v1/things/7", method="PUT", body=b'{"price":4990}', headers=JSON
    ),
    "an answer that a function refuses": _while_it_says(
        _with_key("/made/v1/things/7"), 200, "application/json", '{"price":"x"}'
    ),
    "an answer on which a function fails": _while_it_says(
        _with_key("/made/v1/things/7"), 200, "application/json", '{"price":[]}'
    ),
}
EXPECTED_OF_OTHERS = {
    "a blocked address": 403,
    "a body that others find wrong": 422,
    "bodies that others judge, too many": 429,
    "an answer that a function refuses": 406,
    "an answer on which a function fails": 502,
}

FAULTS = [fault for fault in every_fault() if fault.module != "closed"]
MODULES = sorted({fault.module for fault in FAULTS})


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize("module", MODULES)
def test_an_error_at_any_step_lets_nothing_through(house: House, module: str) -> None:
    envoy = house.gateway.envoy_pid
    met: dict[str, None] = {}
    with house.faulty.serving_again():
        for fault in (f for f in FAULTS if f.module == module and _is_met_while_loading(f)):
            assert not house.faulty.serve_with(fault), f"{fault}: envoy took what cannot be loaded"
            assert PROBES["a key"](house).status_code == 200, "what served before is gone"
        for fault in (f for f in FAULTS if f.module == module and not _is_met_while_loading(f)):
            assert house.faulty.serve_with(fault), f"{fault}: envoy refused it"
            met = _try_all(house, fault, met) | met
    assert house.gateway.envoy_pid == envoy, "envoy ended"


def _is_met_while_loading(fault: Fault) -> bool:
    return str(fault).removesuffix(", at its end") in WHILE_LOADING


def _try_all(house: House, fault: Fault, met: Mapping[str, None]) -> dict[str, None]:
    """Asks in every way until the fault was met often enough; what does not meet it is as ever.

    What met it. `met` are those that met others of the module, and are likely to meet this one.
    """
    hit: dict[str, None] = {}
    for name, probe in _in_turn(fault, met):
        answer = probe(house)
        if house.faults():
            hit[name] = None
            may_leave = name in OBSERVED and fault.module in ON_THE_WAY_OUT
            if str(fault) in ADMITTED_BY_THEN or (may_leave and answer.is_success):
                assert answer.status_code == _expected(name)
            else:
                _is_closed(answer, about=f"{fault}, asked as {name}")
                is_asked_before = fault.module in ON_THE_WAY_OUT or str(fault) in MET_ON_IT
                assert is_asked_before or not house.asked(), f"{fault}: {name} passed"
        else:
            assert answer.status_code == _expected(name), f"{fault} spoils {name}"
        if len(hit) == OFTEN_ENOUGH or (hit and name not in PROBES):
            break  # of those that take long one is enough
    assert hit, f"nothing here runs {fault}: ask what does"
    return hit


def _expected(name: str) -> int:
    return EXPECTED.get(name) or EXPECTED_OF_OTHERS.get(name, 200)


OFTEN_ENOUGH = 2


def _in_turn(fault: Fault, met: Mapping[str, None]) -> Iterator[tuple[str, Probe]]:
    """All of them: another one first for each fault, then the likely ones, the slow ones last."""
    names = list(PROBES)
    start = FAULTS.index(fault) % len(names)
    quick = (names[start], *(name for name in met if name in PROBES), *names[start:], *names)
    slow: dict[str, Probe] = {}
    if fault.module in ABOUT_NEWS:
        slow |= NEWS_PROBES
    if fault.module in ABOUT_BLOCKS:
        slow |= BLOCK_PROBES
    if fault.module in ABOUT_OTHERS:
        slow |= OTHERS_PROBES
    if fault.module in ABOUT_FUNCTIONS:
        slow |= FUNCTION_PROBES
    probes = {**PROBES, **slow}
    for name in dict.fromkeys((*quick, *(name for name in met if name in slow), *slow)):
        yield name, probes[name]


def _is_closed(answer: httpx.Response, *, about: str) -> None:
    assert answer.status_code >= 400, about
    assert answer.headers["content-type"] == "application/problem+json", about
    assert SECRET not in answer.text, about
    assert SECRET not in str(answer.headers), about
    closed = problem(answer.text) if answer.status_code != 502 else answer.json()
    assert closed["status"] == answer.status_code, about
    assert "injected" not in answer.text, about


@pytest.mark.slow
def test_envoy_lives_when_lua_collects_its_garbage_under_load(house: House) -> None:
    """LuaJIT compiles calls of C all the while: what its compiler looks at must not be garbage."""
    envoy = house.gateway.envoy_pid
    with house.faulty.code() as folder:
        gate = folder / "gate.lua"
        start = "\nfunction _M.request(handle)\n"
        text = gate.read_text()
        assert text.count(start) == 1
        collects = "if math.random(20) == 1 then collectgarbage() end\n"
        gate.write_text(text.replace(start, start + collects))
        assert house.faulty.load(folder)
        _press(house, requests=3_000)
    assert house.gateway.envoy_pid == envoy, "envoy ended"


def _press(house: House, *, requests: int) -> None:
    """Many requests of a known caller on one connection; all must be answered."""
    key = house.keys["developer"]
    with house.gateway.connection() as client:
        for _ in range(requests):
            assert client.get("/nothing/here", headers={"x-api-key": key}).status_code == 404


# --- code that cannot be loaded -------------------------------------------------------------------


def _a_syntax_error(folder: Path) -> None:
    (folder / "access.lua").write_text("local _M = {\nreturn _M\n")


def _a_missing_module(folder: Path) -> None:
    (folder / "entitlements.lua").unlink()


def _an_error_at_once(folder: Path) -> None:
    (folder / "versions.lua").write_text('error("injected")\n')


def _a_module_of_nothing(folder: Path) -> None:
    (folder / "gate.lua").write_text("return nil\n")


BROKEN = [_a_syntax_error, _a_missing_module, _an_error_at_once, _a_module_of_nothing]
broken_code = pytest.mark.parametrize("spoil", BROKEN, ids=lambda f: f.__name__.strip("_"))


@broken_code
def test_envoy_does_not_take_code_that_cannot_be_loaded(
    house: House, spoil: Callable[[Path], None]
) -> None:
    with house.faulty.code() as folder:
        spoil(folder)
        assert not house.faulty.load(folder)
        assert PROBES["a key"](house).status_code == 200, "what served before is gone"


def test_an_envoy_that_starts_with_broken_code_serves_nobody(house: House) -> None:
    gateway = house.gateway
    with house.faulty.code() as folder:
        _a_syntax_error(folder)
        install_lua(gateway.state, folder.parent)
        try:
            _restart_envoy(gateway)
            for listener in gateway_ports(gateway):
                with pytest.raises(ConnectionRefusedError):
                    socket.create_connection(("127.0.0.1", listener), 1)
            assert gateway.operations("/health/ready").status_code == 503
        finally:
            install_lua(gateway.state)
    _restart_envoy(gateway)
    eventually(
        lambda: gateway.operations("/health/ready").status_code == 200, what="it serves again"
    )
    assert PROBES["a key"](house).status_code == 200


def gateway_ports(gateway: Gateway) -> tuple[int, int]:
    return gateway.ports.external, gateway.ports.internal


def _restart_envoy(gateway: Gateway) -> None:
    """Ends Envoy; returns when the supervisor's next one has read its configuration."""
    before = gateway.envoy_pid
    os.kill(before, signal.SIGKILL)
    _wait_for_another_envoy(gateway, before)


def _wait_for_another_envoy(gateway: Gateway, before: int) -> None:
    file = gateway.state / "run" / "envoy.pid"
    eventually(
        lambda: file.read_text().strip() not in {"", str(before)},
        what="the supervisor starts envoy again",
    )
    eventually(lambda: _is_live(gateway), what="envoy has read its configuration")


def _is_live(gateway: Gateway) -> bool:
    try:
        return gateway.admin("/ready").strip() == "LIVE"
    except httpx.TransportError:
        return False


@pytest.mark.slow
def test_a_worker_that_hangs_is_ended_and_envoy_serves_again(house: House) -> None:
    envoy = house.gateway.envoy_pid
    with house.faulty.code() as folder:
        access = folder / "access.lua"
        hanging = "if wanted == 'hang' then while true do end end\n"
        text = access.read_text()
        start = text.index("\n", text.index("function _M.decide(")) + 1
        access.write_text(text[:start] + hanging + text[start:])
        assert house.faulty.load(folder)
        with pytest.raises(httpx.TransportError):
            house.call("/prices/things", key=house.keys["partner"], headers={"api-version": "hang"})
        assert not house.asked()
    _wait_for_another_envoy(house.gateway, envoy)
    eventually(lambda: PROBES["a key"](house).status_code == 200, what="it serves again")


# --- configuration that is corrupt ----------------------------------------------------------------

Spoilt = Callable[[dict[str, Any]], object]

CORRUPT: dict[str, Spoilt] = {
    "no metadata": lambda route: route.pop("metadata"),
    "no policy": lambda route: _told(route).clear(),
    "a text": lambda route: _told(route).update(policy="lamps"),
    "a number": lambda route: _told(route).update(policy=7),
    "an empty policy": lambda route: _told(route).update(policy={}),
    "no callers": lambda route: _policy(route).pop("callers"),
    "callers that are none": lambda route: _policy(route).update(callers={"public": "anyone"}),
    "callers without credentials": lambda route: _policy(route)["callers"]["public"].clear(),
    "credentials that are none": lambda route: _policy(route)["callers"]["public"].update(
        credentials="api_key"
    ),
    "no versions": lambda route: _policy(route).pop("versions"),
    "an empty list of versions": lambda route: _policy(route).update(versions=[]),
    "versions that are none": lambda route: _policy(route).update(versions=[["3"]]),
}


def _told(route: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = route["metadata"]["filter_metadata"][LUA_FILTER]
    return told


def _policy(route: dict[str, Any]) -> dict[str, Any]:
    policy: dict[str, Any] = _told(route)["policy"]
    return policy


@pytest.mark.parametrize("spoil", CORRUPT.values(), ids=CORRUPT)
def test_a_corrupt_policy_lets_nobody_through(house: House, spoil: Spoilt) -> None:
    content = json.loads(house.faulty.file("routes-external.json"))
    (host,) = content["resources"][0]["virtual_hosts"]
    route = prefixes(host["matcher"])["/lamps/v3/"]["action"]
    spoil(route["typed_config"])
    route["typed_config"]["name"] = "lamps@3#another"
    changed = {"routes-external.json": json.dumps(content).encode()}
    with house.faulty.snapshot(changed) as is_taken:
        assert is_taken
        eventually(
            lambda: PROBES["a key"](house).status_code != 200, what="envoy has the corrupt route"
        )
        for name in ("a key", "a token", "one caller twice"):
            answer = PROBES[name](house)
            assert answer.status_code in {403, 404, 401, 429}, name
            _is_closed(answer, about=name)
            assert not house.asked()
        assert PROBES["a partner"](house).status_code == 200, "another API fails too"
    eventually(lambda: PROBES["a key"](house).status_code == 200, what="it serves again")


# --- a control plane that answers nonsense, or not at all -----------------------------------------


@pytest.fixture
def control(house: House) -> Iterator[RawServer]:
    """Something else on the socket of the control plane, and an Envoy that never knew the other."""
    path = house.gateway.state / "run" / "control.sock"
    aside = path.with_suffix(".aside")
    path.rename(aside)
    try:
        with a_raw_server(path) as server:
            _restart_envoy(house.gateway)
            eventually(lambda: house.call("/").status_code, what="envoy serves")
            yield server
    finally:
        aside.rename(path)
        _restart_envoy(house.gateway)


ENTITLED = entitlement_lines(
    Entitlement(
        credential="key_1",
        application="app_1",
        consumer="developer:ada",
        audience=Audience.PUBLIC,
        bucket="app_1",
        limit=Limit(per_minute=1_000_000, capacity=1_000_000.0),
    ),
    news=10**9,
    bucket_key=b"a key",
)


def _http(status: str, body: bytes | str, **fields: str) -> bytes:
    content = body.encode() if isinstance(body, str) else body
    given = {"content-length": str(len(content)), "connection": "close"} | {
        name.replace("_", "-"): value for name, value in fields.items()
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + content


NONSENSE: dict[str, bytes] = {
    "nothing": b"",
    "garbage": b"\x00\xff garbage \r\n\r\n",
    "half a head": b"HTTP/1.1 200 OK\r\ncontent-le",
    "an empty answer": _http("200 OK", ""),
    "an answer of garbage": _http("200 OK", b"\x00\xff" * 500),
    "an answer in JSON": _http("200 OK", '{"audience": "public"}'),
    "an answer that is too long": _http("200 OK", b"x" * 2_000_000),
    "an answer without its last line": _http("200 OK", ENTITLED.rpartition("news")[0]),
    "an answer without its last character": _http("200 OK", ENTITLED[:-1]),
    "an answer that ends too soon": _http("200 OK", ENTITLED, content_length="9999"),
    "an answer without an audience": _http("200 OK", ENTITLED.replace("audience public\n", "")),
    "an audience that is none": _http("200 OK", ENTITLED.replace("public", "anyone")),
    "the audience of another listener": _http("200 OK", ENTITLED.replace("public", "internal")),
    "no APIs": _http("200 OK", ENTITLED.replace("api *\n", "")),
    "a limit that is none": _http("200 OK", ENTITLED.replace("limit ", "limit x")),
    "a bucket that is none": _http("200 OK", ENTITLED.replace("bucket ", "bucket x")),
    "a success of another kind": _http("204 No Content", ""),
    "a redirection": _http("302 Found", ENTITLED, location="/resolve"),
    "an error": _http("500 Internal Server Error", ENTITLED),
    "unknown": _http("404 Not Found", ENTITLED),
}


def test_nobody_is_let_in_by_nonsense(house: House, control: RawServer) -> None:
    control.answer = _http("200 OK", ENTITLED)
    assert PROBES["a key"](house).status_code == 200, "the right answer lets nobody in either"
    house.gateway.forecourt("key", "list")  # the store is as it was
    for number, (name, said) in enumerate(NONSENSE.items()):
        control.answer = said
        key = new_key(chance(f"nonsense {number}"), is_test=False)
        answer = house.call("/lamps/v3/things", key=key)
        assert answer.status_code in {401, 503}, name
        _is_closed(answer, about=name)
        assert not house.asked(), name
        assert ("retry-after" in answer.headers) is (answer.status_code == 503), name
    asked = len(control.requests)
    assert asked > len(NONSENSE), "the edge did not ask"
    control.answer, control.delay = _http("200 OK", ENTITLED), 4.0
    answer = house.call("/lamps/v3/things", key=new_key(chance("slow"), is_test=False))
    assert answer.status_code == 503, "a slow answer"
    assert answer.elapsed.total_seconds() < 3.5, "it waits for a control plane that is too slow"
    assert not house.asked()


def test_without_the_control_planes_socket_nobody_new_is_let_in(house: House) -> None:
    path = house.gateway.state / "run" / "control.sock"
    aside = path.with_suffix(".aside")
    known = PROBES["a key"](house)
    assert known.status_code == 200
    path.rename(aside)
    try:
        _restart_envoy(house.gateway)
        eventually(lambda: house.call("/").status_code, what="envoy serves")
        for name in ("a key", "a partner", "a token", "a service", "a partner with a certificate"):
            answer = PROBES[name](house)
            assert answer.status_code == 503, name
            assert answer.headers["retry-after"].isdigit()
            _is_closed(answer, about=name)
            assert not house.asked()
        assert PROBES["no credential"](house).status_code == 401
    finally:
        aside.rename(path)
    eventually(lambda: PROBES["a key"](house).status_code == 200, what="it asks again")


def test_a_key_is_withdrawn_even_where_no_news_can_be_read(house: House) -> None:
    key = house.gateway.a_key(developer="carol", plan="fast")
    assert house.call("/lamps/v3/things", key=key).status_code == 200
    path = house.gateway.state / "run" / "news"
    said = path.read_text()
    path.unlink()
    path.mkdir()  # no file can take its place
    try:
        listed = house.gateway.forecourt("key", "list", "--developer", "carol").stdout
        house.gateway.forecourt("key", "revoke", listed.splitlines()[-1].split()[0])
        time.sleep(NEWS_SECONDS)
        answer = house.call("/lamps/v3/things", key=key)
        assert answer.status_code == 401
        assert not house.asked()
        assert PROBES["a key"](house).status_code == 200, "those who are entitled are asked about"
    finally:
        path.rmdir()
        path.write_text(said)


# --- upstreams that fail --------------------------------------------------------------------------

FAULTS_OF_UPSTREAMS: dict[str, bytes] = {
    "a stack trace": _http("500 Internal Server Error", SECRET, content_type="text/plain"),
    "a status of its own": _http("599 Whatever", SECRET),
    "a problem of its own": _http(
        "503 Service Unavailable", SECRET, content_type="application/problem+json"
    ),
    "a compressed one": _http("500 Oops", gzip.compress(SECRET.encode()), content_encoding="gzip"),
    "an enormous one": _http("500 Oops", SECRET * 100_000),
    "one in chunks": (
        b"HTTP/1.1 500 Oops\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
        b"%x\r\n%s\r\n0\r\nx-debug: %s\r\n\r\n" % (len(SECRET), SECRET.encode(), SECRET.encode())
    ),
    "one in its fields": _http("502 Bad Gateway", "", x_debug=SECRET, set_cookie=SECRET),
    "one that breaks off": _http("500 Oops", SECRET, content_length="9999"),
    "half a head": b"HTTP/1.1 500 Oops\r\nx-debug: " + SECRET.encode(),
    "garbage": SECRET.encode(),
    "nothing": b"",
}


@pytest.fixture
def odd_upstream(house: House) -> RawServer:
    """The upstream of the APIs `odd` and `inner`, which answers as a test says."""
    return house.odd


@pytest.mark.parametrize("fault", FAULTS_OF_UPSTREAMS)
@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1", "HTTP/2"])
def test_what_an_upstream_says_in_its_failure_does_not_leave(
    house: House, odd_upstream: RawServer, fault: str, http2: bool
) -> None:
    odd_upstream.answer = FAULTS_OF_UPSTREAMS[fault]
    key = house.keys["developer"]
    for method in ("GET", "POST", "HEAD"):
        answer = house.call("/odd/v1/things", key=key, http2=http2, method=method)
        assert 500 <= answer.status_code <= 599
        assert "db-7.inside" not in answer.text + str(answer.headers)
        assert not {"x-debug", "set-cookie", "content-encoding"} & set(answer.headers)
        if method != "HEAD":
            assert problem(answer.text)["status"] == answer.status_code
            assert answer.headers["content-type"] == "application/problem+json"


def test_what_nobody_holds_to_a_contract_leaves_as_it_came(
    house: House, odd_upstream: RawServer
) -> None:
    """Inside, below 500: nothing of ours touches an answer, and none is made longer or shorter."""
    for status in ("200 OK", "202 Accepted", "304 Not Modified", "400 Bad", "404 No", "499 Odd"):
        odd_upstream.answer = _http(status, "" if "304" in status else SECRET, x_debug="kept")
        answer = house.call("/inner/things", service="orders")
        assert str(answer.status_code) == status.partition(" ")[0]
        assert answer.text == ("" if "304" in status else SECRET)
        assert answer.headers["x-debug"] == "kept"


def test_what_the_edge_itself_cannot_do_is_a_problem_as_it_wrote_it(
    house: House, odd_upstream: RawServer
) -> None:
    """Envoy's own answer, where the upstream ends the connection without one."""
    odd_upstream.answer = b""
    key = house.keys["developer"]
    for method in ("GET", "HEAD"):
        answer = house.call("/odd/v1/things", key=key, method=method)
        assert answer.status_code == 503
        if method == "GET":
            assert problem(answer.text)["type"] == "urn:forecourt:problem:upstream-failed"
        else:
            assert answer.text == ""


@pytest.mark.parametrize(
    "name",
    [
        *("a key", "a token", "a partner", "a partner with a certificate", "one caller twice"),
        *("a service", "a service with a token"),
    ],
)
def test_nothing_that_proves_who_calls_reaches_an_upstream(house: House, name: str) -> None:
    assert PROBES[name](house).status_code == 200
    assert house.asked() == 1
    received = house.upstream.last()
    assert not received.names() & {
        *("authorization", "x-api-key", "x-forwarded-client-cert", "x-internal-service-token"),
    }
    secrets = (*house.keys.values(), house.service_token)
    assert not [secret for secret in secrets if secret in str(received)]


def test_colleagues_read_what_an_upstream_says_in_its_failure(
    house: House, odd_upstream: RawServer
) -> None:
    odd_upstream.answer = FAULTS_OF_UPSTREAMS["a stack trace"]
    answer = house.call("/inner/things", service="orders")
    assert answer.status_code == 500
    assert answer.text == SECRET


def test_an_answer_that_breaks_off_is_not_made_whole(house: House, odd_upstream: RawServer) -> None:
    odd_upstream.answer = _http("200 OK", "half", content_length="9999")
    with pytest.raises(httpx.RemoteProtocolError):
        house.call("/inner/things", service="orders")


def test_an_answer_that_breaks_off_while_it_is_held_back_does_not_leave(
    house: House, odd_upstream: RawServer
) -> None:
    whole = json.dumps({"name": "lamp"})
    odd_upstream.answer = _http(
        "200 OK", whole, content_length="9999", content_type="application/json"
    )
    answer = house.call("/odd/v1/things", key=house.keys["developer"])
    assert answer.status_code >= 500
    _is_closed(answer, about="half an answer")
