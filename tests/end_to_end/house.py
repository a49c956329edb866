"""A gateway with every kind of caller and of API, whose edge tests break."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx

from forecourt.actions.signing_key import SigningKey, generate_signing_key
from forecourt.edge.authority import KeyPair, LocalAuthority
from forecourt.store.signing_keys import SigningKeyFiles
from tests.end_to_end.eventually import eventually
from tests.end_to_end.faults import FaultyCode
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.house_estate import an_estate_with_everything
from tests.end_to_end.raw_socket import RawServer, a_raw_server
from tests.end_to_end.upstream import Upstream, an_upstream

SECRET = "Traceback: db-7.inside.example refused svc_users"

# What upstreams answer when they are well: as declared, and a little more than that.
WELL: tuple[int, Mapping[str, str], bytes] = (
    200,
    {"content-type": "application/json"},
    json.dumps({"name": "lamp", "trace": SECRET}).encode(),
)


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
    # The faults that calls before the last one met, of those that a probe makes.
    met_before: list[str] = field(default_factory=list)
    _before: int = 0
    _tokens: int = 0

    def call(self, path: str, **given: Any) -> httpx.Response:
        """A call; `asked` and `faults` are about the last of them."""
        self.met_before += self.faults()
        self._before = len(self.upstream.received)
        return self.gateway.call(path, **given)

    def asked(self) -> int:
        """How often the last call reached the upstream."""
        return len(self.upstream.received) - self._before

    def faults(self) -> list[str]:
        """The faults that happened since this was asked or somebody called."""
        return self.faulty.hits()

    def own_token(self, **claims: str) -> str:
        """A bearer token as our authorization server signs it, another each time."""
        (key,) = SigningKeyFiles(self.gateway.state).access_tokens()
        now = datetime.now(UTC)
        its = {
            "iss": "https://localhost",
            "aud": "https://localhost",
            "sub": self.client,
            "client_id": self.client,
            "exp": int((now + timedelta(minutes=5)).timestamp()),
            "jti": f"tok_{now.timestamp()}",
        }
        return key.key.sign(its | claims, type="at+jwt")

    def judged_key(self) -> str:
        """The key of somebody whose calls the control plane judges.

        Of an application it judges one a second, and ten at once (forecourt.fallback); so it is
        another each time.
        """
        return next(self._judged)

    def token(self) -> str:
        """A bearer token of the declared issuer.

        An application that nobody has a plan for may call 100 times a minute, and is asked for more
        often than that, each person half as often; so now and then it is another.
        """
        self._tokens += 1
        expires = datetime.now(UTC) + timedelta(hours=1)
        return self.signer.sign(
            {
                "iss": "https://id.acme.example/",
                "aud": "https://api.acme.example",
                "azp": f"app-{self._tokens // 20}",
                "sub": f"person-{self._tokens // 8}",
                "exp": int(expires.timestamp()),
            }
        )


@contextmanager
def a_house(start: Callable[[Gateway], Gateway], folder: Path) -> Iterator[House]:
    """Starts one; `folder` is for the certificate of a partner."""
    signer = generate_signing_key()
    certificate = a_certificate(folder)
    with an_upstream() as upstream, a_raw_server() as odd:
        gateway = start(an_estate_with_everything(upstream, odd, signer, certificate))
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
                "reading": gateway.a_key(developer="cleo", scope="read"),
                "slow": gateway.a_key(developer="bob", plan="slow"),
                "blocked": blocked,
                "counted": gateway.a_key(developer="carl", plan="counted"),
                "single": gateway.a_key(developer="carl", application="one", plan="single"),
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


def a_certificate(folder: Path) -> KeyPair:
    """A partner's own, from an authority that nobody here knows."""
    now = datetime.now(UTC)
    authority = LocalAuthority(folder, "partner")
    authority.ensure(now)
    pair = KeyPair(certificate=folder / "two.pem", key=folder / "two.key")
    authority.client(pair, "spiffe://partner.example/two", now)
    return pair
