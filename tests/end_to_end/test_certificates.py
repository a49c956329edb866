"""Certificates and authorities are replaced under load: no connection is dropped, and whoever is
trusted no longer is not trusted on a connection from before."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from forecourt.edge.authority import KeyPair, LocalAuthority
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_partner, an_api, an_estate, as_yaml
from tests.end_to_end.eventually import SOON, eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.upstream import an_upstream

_THINGS, _STOCK = "/lamps/v1/things", "/stock/things"
_PARTNERS_HOST = "one.localhost"
_ORDERS = "spiffe://acme.example/ns/shop/sa/orders"


@dataclass(frozen=True, kw_only=True)
class Authorities:
    """Own ones of servers, of services and of a partner."""

    folder: Path

    def named(self, name: str) -> LocalAuthority:
        authority = LocalAuthority(self.folder, name)
        authority.ensure(datetime.now(UTC))
        return authority

    def server(self) -> KeyPair:
        """A new pair, each time."""
        pair = self._pair(f"server-{time.monotonic_ns()}")
        self.named("servers").server(pair, ("localhost", _PARTNERS_HOST), datetime.now(UTC))
        return pair

    def client(self, authority: str, identity: str) -> KeyPair:
        pair = self._pair(f"of-{authority}")
        self.named(authority).client(pair, identity, datetime.now(UTC))
        return pair

    def pem(self, *names: str) -> str:
        return "".join(self.named(name).certificate.read_text() for name in names)

    def _pair(self, name: str) -> KeyPair:
        return KeyPair(certificate=self.folder / f"{name}.pem", key=self.folder / f"{name}.key")


@dataclass(frozen=True, kw_only=True)
class House:
    """A gateway with certificates of its own."""

    gateway: Gateway
    authorities: Authorities

    def shows(self, pair: KeyPair) -> None:
        """The estate's files, replaced as by whoever renews them: one, then the other."""
        self.gateway.save("certs/api.key", pair.key.read_text())
        self.gateway.save("certs/api.pem", pair.certificate.read_text())

    def shown(self) -> str:
        port = self.gateway.ports.external
        return ssl.get_server_certificate(("127.0.0.1", port))

    def tls(self, certificate: KeyPair | None) -> ssl.SSLContext:
        context = ssl.create_default_context(cadata=self.authorities.pem("servers"))
        if certificate is not None:
            context.load_cert_chain(certificate.certificate, certificate.key)
        return context

    @contextmanager
    def client(
        self, port: int, certificate: KeyPair | None = None, **given: bool
    ) -> Iterator[httpx.Client]:
        with httpx.Client(
            base_url=f"https://localhost:{port}",
            verify=self.tls(certificate),
            trust_env=False,
            limits=httpx.Limits(max_connections=1),
            **given,
        ) as client:
            yield client


@pytest.fixture(scope="module")
def house(started_once: Started, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with an_upstream() as lamps, an_upstream() as stock:
        yield _a_house(started_once, tmp_path_factory.mktemp("pki"), lamps.url, stock.url)


def _a_house(started: Started, folder: Path, lamps: str, stock: str) -> House:
    authorities = Authorities(folder=folder)
    gateway = an_estate(
        apis={
            "lamps": an_api(upstream=lamps),
            "stock": an_api("internal", upstream=stock, allow=["orders"]),
        },
        partners={
            "one": a_partner(
                "lamps",
                rate_limit={"requests_per_minute": 100_000},
                certificates={"ca": "../certs/partner.pem"},
            )
        },
        plans={"plenty": {"rate_limit": {"requests_per_minute": 100_000}}},
        local=False,
    )
    declared = json.loads(gateway.read("forecourt.yaml"))
    own = {"certificate": "certs/api.pem", "key": "certs/api.key"}
    declared["listeners"]["external"]["tls"] = own
    declared["listeners"]["internal"] |= {"tls": own, "client_ca": "certs/mesh.pem"}
    gateway.save("forecourt.yaml", as_yaml(declared))
    house = House(gateway=gateway, authorities=authorities)
    house.shows(authorities.server())
    gateway.save("certs/partner.pem", authorities.pem("partner"))
    gateway.save("certs/mesh.pem", authorities.pem("mesh"))
    started(gateway)
    return house


@dataclass(kw_only=True)
class Load:
    """Asks without a pause on a connection that is kept while it can be."""

    client: httpx.Client
    path: str
    headers: dict[str, str]
    statuses: list[int] = field(default_factory=list)
    connections: set[object] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator[None]:
        stopped = threading.Event()
        thread = threading.Thread(target=self._ask, args=(stopped,), daemon=True)
        thread.start()
        try:
            eventually(lambda: self.statuses, what="it is under load")
            yield
        finally:
            stopped.set()
            thread.join()

    def ask(self) -> int:
        name = {"sni_hostname": self.headers["host"]}
        with self.client.stream("GET", self.path, headers=self.headers, extensions=name) as answer:
            stream = answer.extensions["network_stream"]
            self.connections.add(stream.get_extra_info("client_addr"))
            answer.read()
            return answer.status_code

    def _ask(self, stopped: threading.Event) -> None:
        while not stopped.is_set():
            try:
                self.statuses.append(self.ask())
            except httpx.TransportError as error:
                self.failures.append(repr(error))

    def was_served(self) -> bool:
        return not self.failures and set(self.statuses) == {200}


@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1", "HTTP/2"])
def test_a_renewed_certificate_is_shown_and_no_connection_is_dropped(
    house: House, http2: bool
) -> None:
    gateway, pair = house.gateway, house.authorities.server()
    headers = {"host": "localhost", "x-api-key": gateway.a_key(plan="plenty")}
    with house.client(gateway.ports.external, http1=not http2, http2=http2) as client:
        load = Load(client=client, path=_THINGS, headers=headers)
        with load.running():
            before = house.shown()
            house.shows(pair)
            eventually(lambda: house.shown() not in (before, ""), what="the new one is shown")
            asked = len(load.statuses)
            eventually(lambda: len(load.statuses) > asked + 20, what="it goes on")
    assert house.shown() == pair.certificate.read_text()
    assert load.was_served(), load.failures
    assert len(load.connections) == 1


@dataclass(frozen=True, kw_only=True)
class Trust:
    """Whom an authority lets in: its file, the part that is opened, and what is called."""

    file: str
    part: str
    authority: str
    path: str
    host: str

    def load(self, house: House, client: httpx.Client) -> Load:
        return Load(client=client, path=self.path, headers={"host": self.host})

    def port(self, gateway: Gateway) -> int:
        return gateway.ports.internal if self.host == "localhost" else gateway.ports.external


_TRUST = [
    Trust(
        file="certs/partner.pem",
        part="partner/one",
        authority="partner",
        path=_THINGS,
        host=_PARTNERS_HOST,
    ),
    Trust(file="certs/mesh.pem", part="gateway", authority="mesh", path=_STOCK, host="localhost"),
]


@pytest.mark.parametrize(
    "trust",
    [
        pytest.param(_TRUST[0], id="a partner's"),
        pytest.param(_TRUST[1], id="the mesh's", marks=pytest.mark.slow),
    ],
)
def test_an_authority_is_replaced_and_whom_it_let_in_is_let_go_of(
    house: House, trust: Trust
) -> None:
    """Both are trusted for a while. Requests go on meanwhile; then who is left is refused also on
    the connection that it kept."""
    gateway, authorities = house.gateway, house.authorities
    port, following = trust.port(gateway), f"next-{trust.authority}"
    old, new = (authorities.client(name, _ORDERS) for name in (trust.authority, following))

    with house.client(port, old) as before, house.client(port, new) as after:
        first, second = trust.load(house, before), trust.load(house, after)
        with first.running():
            heard = gateway.heard()
            gateway.save(trust.file, authorities.pem(trust.authority, following))
            gateway.wait_until_it_says("forecourt open", since=heard)
            gateway.forecourt("open", "--because", "its authority is replaced", trust.part)
            eventually(lambda: second.ask() == 200, what="the new one is trusted")
            asked = len(first.statuses)
            eventually(lambda: len(first.statuses) > asked + 20, what="it goes on")
        assert first.was_served(), first.failures
        tls = house.tls(old)
        status, session = _asked(trust, port, tls)
        assert (status, _asked(trust, port, tls, session)[0]) == (200, 200)
        with second.running():
            assert first.ask() == 200
            gateway.save(trust.file, authorities.pem(following))
            eventually(lambda: _is_refused(first), what="it is trusted no longer", within=SOON)
        assert second.was_served(), second.failures
        # A handshake that goes on from one before shows no certificate.
        assert _asked(trust, port, tls, session)[0] is None


def _asked(
    trust: Trust, port: int, tls: ssl.SSLContext, session: ssl.SSLSession | None = None
) -> tuple[int | None, ssl.SSLSession | None]:
    """The answer's status, None where there is none; and what a handshake may go on from."""
    with socket.create_connection(("127.0.0.1", port), 10) as plain:
        try:
            secure = tls.wrap_socket(plain, server_hostname=trust.host, session=session)
            secure.sendall(f"GET {trust.path} HTTP/1.1\r\nhost: {trust.host}\r\n\r\n".encode())
            answer = secure.recv(65536)
        except OSError:
            return None, None
        return (int(answer.split()[1]) if answer else None), secure.session


def _is_refused(load: Load) -> bool:
    try:
        load.ask()
    except httpx.TransportError:
        return True
    return False
