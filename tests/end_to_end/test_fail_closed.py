"""Whatever breaks in the edge: nothing passes, nothing unfinished leaves, and it lives on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from ssl import PEM_cert_to_DER_cert
from typing import Any

import httpx
import pytest

from forecourt.actions.api_key import new_key
from forecourt.actions.signing_key import SigningKey, generate_signing_key
from forecourt.edge.authority import KeyPair, LocalAuthority
from tests.actions.builders import chance
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_partner, an_api, an_estate, an_organization, as_yaml
from tests.end_to_end.faults import Fault, FaultyCode, every_fault
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem
from tests.end_to_end.upstream import Upstream, an_upstream

SECRET = "Traceback: db-7.inside.example refused svc_users"

# It has the form of a key.
OF_NOBODY = new_key(chance("nobody"), is_test=False)

# They run while Envoy loads the code: it does not take listeners whose code fails then.
WHILE_LOADING = {"gate: _M.new", "news: _M.follow", "presented: _M.sources", "sandbox: _M.close"}
# These may see the upstream's answer: it was asked before they run.
ON_THE_WAY_OUT = {"answer", "limits", "problems"}
# The mark is set when these end: the last statement of the way in.
ADMITTED_BY_THEN = {"admission: _M.admit, at its end", "gate: _M.request, at its end"}


@dataclass(slots=True, kw_only=True)
class House:
    """A gateway with every kind of caller, and the upstream of all its APIs."""

    gateway: Gateway
    upstream: Upstream
    faulty: FaultyCode
    keys: Mapping[str, str]
    certificate: KeyPair
    service_token: str
    signer: SigningKey
    _before: int = 0

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

    def token(self) -> str:
        """A bearer token of the declared issuer."""
        expires = datetime.now(UTC) + timedelta(hours=1)
        return self.signer.sign(
            {
                "iss": "https://id.acme.example/",
                "aud": "https://api.acme.example",
                "azp": "app-7",
                "sub": "somebody",
                "exp": int(expires.timestamp()),
            }
        )


@pytest.fixture(scope="module")
def house(started_once: Started, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    signer = generate_signing_key()
    certificate = a_certificate(tmp_path_factory.mktemp("partner"))
    with an_upstream() as upstream:
        gateway = started_once(an_estate_with_everything(upstream, signer, certificate))
        upstream.answers(200, {"content-type": "application/json"}, SECRET.encode())
        yield House(
            gateway=gateway,
            upstream=upstream,
            faulty=FaultyCode(gateway),
            keys={
                "developer": gateway.a_key(plan="fast"),
                "slow": gateway.a_key(developer="bob", plan="slow"),
                "partner": gateway.a_partner_key("one"),
            },
            certificate=certificate,
            service_token=gateway.a_service_token("orders"),
            signer=signer,
        )


def an_estate_with_everything(
    upstream: Upstream, signer: SigningKey, certificate: KeyPair
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
                versions={"2024-01-01": contract, "2025-01-01": contract},
            ),
            "stock": an_api("internal", upstream=f"{upstream.url}/stock/", allow=["orders"]),
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
            "fast": {"rate_limit": {"requests_per_minute": 1_000_000}},
            "slow": {"rate_limit": {"requests_per_minute": 1}},
        },
        files={"keys/acme-id.json": signer.jwks()},
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

    def asked(house: House) -> httpx.Response:
        with answering(house.upstream, 500, {"x-debug": SECRET}, SECRET.encode()):
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
        upstream.answers(200, {"content-type": "application/json"}, SECRET.encode())


def _beyond_the_limit(house: House) -> httpx.Response:
    for _ in range(2):
        house.call("/lamps/v3/things", key=house.keys["slow"])
    return house.call("/lamps/v3/things", key=house.keys["slow"])


def _as_partner_two(house: House) -> httpx.Response:
    return house.call("/prices/things", host="two.localhost", certificate=house.certificate)


def _with_a_service_token(house: House) -> httpx.Response:
    fields = {"x-internal-service-token": house.service_token}
    return house.call("/stock/things", listener="internal", headers=fields)


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


# Workers look this often (forecourt.news).
NEWS_SECONDS = 0.3

PROBES: dict[str, Probe] = {
    "a key": _with_key("/lamps/v3/things"),
    "a version with a sunset": _with_key("/lamps/v2/things"),
    "a version that is gone": _with_key("/lamps/v1/things"),
    "a path in UTF-8": _with_key("/lamps/v3/%E6%9D%B1"),
    "a path in two readings": _with_key("/lamps/v3/%252e"),
    "no credential": _call("/lamps/v3/things"),
    "no key at all": _call("/lamps/v3/things", key="fc_live_no"),
    "a key of nobody": _call("/lamps/v3/things", key=OF_NOBODY),
    "a token": lambda house: house.call("/lamps/v3/things", token=house.token()),
    "one caller twice": _one_caller_twice,
    "two callers": _two_callers,
    "a partner": _with_key("/prices/things", "partner"),
    "a partner and a day": _with_key(
        "/prices/things", "partner", headers={"api-version": "2024-06-30"}
    ),
    "a partner with a certificate": _as_partner_two,
    "a service": _call("/stock/things", service="orders"),
    "a service that is not allowed": _call("/stock/things", service="billing"),
    "a service with a token": _with_a_service_token,
    "TRACE": _with_key("/lamps/v3/things", method="TRACE"),
    "beyond the limit": _beyond_the_limit,
    "an upstream that fails": _failing(_with_key("/lamps/v3/things")),
}


EXPECTED = {
    "a key": 200,
    "a version with a sunset": 200,
    "a version that is gone": 410,
    "a path in UTF-8": 200,
    "a path in two readings": 400,
    "no credential": 401,
    "no key at all": 401,
    "a key of nobody": 401,
    "a token": 200,
    "one caller twice": 200,
    "two callers": 400,
    "a partner": 200,
    "a partner and a day": 200,
    "a partner with a certificate": 200,
    "a service": 200,
    "a service that is not allowed": 404,
    "a service with a token": 200,
    "TRACE": 405,
    "beyond the limit": 429,
    "an upstream that fails": 500,
}


def test_without_a_fault_each_is_answered_as_it_should_be(house: House) -> None:
    assert {name: probe(house).status_code for name, probe in PROBES.items()} == EXPECTED


# What the edge hears is looked at four times a second, so these take longer.
ABOUT_NEWS = {"news", "entitlements", "strangers"}
NEWS_PROBES: dict[str, Probe] = {
    "news of one": _after_news_of_one,
    "other news": _after_other_news,
    "garbled news": _after_no_news,
}

FAULTS = [fault for fault in every_fault() if fault.module != "closed"]
MODULES = sorted({fault.module for fault in FAULTS})


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize("module", MODULES)
def test_an_error_at_any_step_lets_nothing_through(house: House, module: str) -> None:
    envoy = house.gateway.envoy_pid
    for fault in FAULTS:
        if fault.module == module:
            with house.faulty.serving(fault) as is_taken:
                if str(fault).removesuffix(", at its end") in WHILE_LOADING:
                    assert not is_taken, f"{fault}: envoy took code that cannot be loaded"
                    assert PROBES["a key"](house).status_code == 200, "what served before is gone"
                else:
                    assert is_taken, f"{fault}: envoy refused it"
                    _try_all(house, fault)
    assert house.gateway.envoy_pid == envoy, "envoy ended"


def _try_all(house: House, fault: Fault) -> None:
    """Asks in every way until the fault was met often enough; what does not meet it is as ever."""
    hit = set()
    for name, probe in _in_turn(fault):
        answer = probe(house)
        if house.faults():
            hit.add(name)
            if str(fault) in ADMITTED_BY_THEN:
                assert answer.status_code == EXPECTED.get(name, 200)
            else:
                _is_closed(answer, about=f"{fault}, asked as {name}")
                is_asked_before = fault.module in ON_THE_WAY_OUT
                assert is_asked_before or not house.asked(), f"{fault}: {name} passed"
        else:
            assert answer.status_code == EXPECTED.get(name, 200), f"{fault} spoils {name}"
        if len(hit) == OFTEN_ENOUGH:
            break
    assert hit, f"nothing here runs {fault}: ask what does"


OFTEN_ENOUGH = 4


def _in_turn(fault: Fault) -> Iterator[tuple[str, Probe]]:
    """All of them, another one first for each fault; about news at the end, since it is slow."""
    probes = list(PROBES.items())
    first = FAULTS.index(fault) % len(probes)
    yield from (*probes[first:], *probes[:first])
    if fault.module in ABOUT_NEWS:
        yield from NEWS_PROBES.items()


def _is_closed(answer: httpx.Response, *, about: str) -> None:
    assert answer.status_code >= 400, about
    assert answer.headers["content-type"] == "application/problem+json", about
    assert SECRET not in answer.text, about
    assert SECRET not in str(answer.headers), about
    closed = problem(answer.text) if answer.status_code != 502 else answer.json()
    assert closed["status"] == answer.status_code, about
    assert "injected" not in answer.text, about
