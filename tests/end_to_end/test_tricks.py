"""An internal API is not to be had from outside, by whatever is written, forged or smuggled.

The proof is the upstream's: what it was sent must lie below the base path of an external API, also
in the eyes of a server that decodes twice, folds letters and drops parameters.
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
import yaml

from forecourt.edge.authority import KeyPair
from tests.end_to_end.collected import HOW_MANY, data, spread
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_partner, an_api, an_estate
from tests.end_to_end.gateway import Gateway, RawAnswer
from tests.end_to_end.line import Fields, Line, over_http2
from tests.end_to_end.problems import problem, without_its_id
from tests.end_to_end.upstream import Received, Upstream, an_upstream

FORGED = "forged-7"

# What only the edge may say to an upstream.
OURS = ("consumer", "application", "audience", "subject", "scopes", "features", "version")


@dataclass(slots=True, kw_only=True)
class House:
    """A gateway whose APIs share one upstream: external ones below /public/ and /prices/."""

    gateway: Gateway
    upstream: Upstream
    key: str
    partner_key: str
    service_token: str
    certificate: KeyPair
    _seen: int = 0
    _said: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)

    def request(self, path: str | bytes, *fields: bytes, host: bytes = b"localhost") -> bytes:
        """A GET with a public key."""
        raw = path.encode() if isinstance(path, str) else path
        return message(raw, b"host: " + host, b"x-api-key: " + self.key.encode(), *fields)

    def passed(self) -> list[Received]:
        """What reached the upstream since this was asked last; nothing may be an internal API's."""
        new = self.upstream.received[self._seen :]
        self._seen += len(new)
        for received in new:
            assert is_outside(received.path), f"{received.path} reached the upstream"
            assert_nothing_is_forged(received)
        return new

    def expects(self, answer: RawAnswer | None, *, about: object) -> None:
        """No answer, a good one, or a refusal that says what all refusals of its kind say."""
        self.passed()
        if answer is None or answer.status < 400:
            return
        assert answer.status < 500, f"{about!r}: {answer}"
        if not answer.body:  # to a HEAD
            return
        assert answer.headers.get("content-type") == "application/problem+json", f"{about!r}"
        said = without_its_id(problem(answer.body.decode()))
        known = self._said.setdefault((answer.status, said["type"]), said)
        assert said == known, f"{about!r} is answered in words of its own"


def message(path: bytes, *fields: bytes, method: bytes = b"GET", body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    head = b"".join(line + b"\r\n" for line in fields)
    return method + b" " + path + b" HTTP/1.1\r\n" + head + b"\r\n" + body


def is_outside(path: str) -> bool:
    """Whether the upstream, however careless, takes it for something of an external API."""
    return any(as_read_by_the_careless(path).startswith(p) for p in ("/public/", "/prices/"))


def as_read_by_the_careless(path: str) -> str:
    """The path for a server that decodes until nothing is left, folds letters, drops parameters."""
    raw = path.partition("?")[0].encode("latin-1")
    for _ in range(4):
        raw = unquote_to_bytes(re.sub(rb"%u00([0-9a-fA-F]{2})", rb"%\1", raw))
    for overlong, plain in ((b"\xc0\xae", b"."), (b"\xc0\xaf", b"/"), (b"\xe0\x80\xae", b".")):
        raw = raw.replace(overlong, plain)
    text = unicodedata.normalize("NFKC", raw.decode(errors="replace")).replace("\\", "/")
    segments: list[str] = []
    for segment in text.split("/"):
        bare = segment.partition(";")[0].partition("\0")[0].strip()
        if bare == "..":
            del segments[-1:]
        elif bare not in {"", "."}:
            segments.append(bare)
    return "/" + "/".join(segments) + "/"


def assert_nothing_is_forged(received: Received) -> None:
    for name in OURS:
        for value in received.values(f"forecourt-{name}"):
            assert FORGED not in value, f"forecourt-{name}: {value}"
    assert received.header("forecourt-audience") in {"public", "partner"}
    for gone in ("x-forwarded-client-cert", "x-internal-service-token", "x-original-url"):
        assert received.header(gone) is None, gone
    for gone in ("x-api-key", "x-rewrite-url", "x-http-method-override", "x-forwarded-host"):
        assert received.header(gone) is None, gone


@pytest.fixture(scope="module")
def house(started_once: Started) -> Iterator[House]:
    with an_upstream() as upstream:
        gateway = started_once(
            an_estate(
                apis={
                    "front": an_api(path="/", upstream=f"{upstream.url}/public/"),
                    "prices": an_api("partner", upstream=f"{upstream.url}/prices/"),
                    "users": an_api("internal", upstream=f"{upstream.url}/users/"),
                    "ledger": an_api(
                        "internal", path="/v1/ledger", upstream=f"{upstream.url}/ledger/"
                    ),
                },
                partners={"one": a_partner("prices")},
                plans={"fast": {"rate_limit": {"requests_per_minute": 10_000_000}}},
                local=False,
                workers=1,
            )
        )
        key, partner_key = gateway.a_key(plan="fast"), gateway.a_partner_key("one")
        for attacker in (key, partner_key, "127.0.0.1"):  # what they do would have them blocked
            gateway.forecourt("block", "spare", attacker)
        yield House(
            gateway=gateway,
            upstream=upstream,
            key=key,
            partner_key=partner_key,
            service_token=gateway.a_service_token("orders"),
            certificate=gateway.client("orders"),
        )


@pytest.fixture
def line(house: House) -> Iterator[Line]:
    with Line(house.gateway) as line:
        yield line


def test_the_internal_api_is_there_for_colleagues(house: House) -> None:
    before = len(house.upstream.received)
    assert house.gateway.call("/users/things", service="orders").status_code == 200
    assert house.gateway.call("/v1/ledger/things", service="orders").status_code == 200
    paths = [received.path for received in house.upstream.received[before:]]
    assert paths == ["/users/things", "/ledger/things"]
    assert not any(map(is_outside, paths)), "the proof proves nothing"
    house._seen = len(house.upstream.received)


def test_the_external_api_is_there_for_strangers(house: House, line: Line) -> None:
    answer = line.ask(house.request("/v1/things"))
    assert answer is not None
    assert answer.status == 200
    assert [received.path for received in house.passed()] == ["/public/things"]


# --- by path --------------------------------------------------------------------------------------

TARGETS = ("users/things", "v1/ledger/things", "ledger/things")
CLIMBS = (
    *("..", ".%2e", "%2e.", "%2e%2e", "%2E%2E", "%252e%252e", "%25%32%65%25%32%65", "%%32e%%32e"),
    *("..;", "..;x=1", "%2e%2e;", "%2e%2e;x", "..%3b", "%2e%2e%3b", ".;/..", ";/..", "..;;"),
    *("..%20", "..%09", "..%00", "..%0d", "..%0a", "..%7f", "..%ff", "..%", "..%2", "..%zz"),
    *("%c0%ae%c0%ae", "%c0%2e%c0%2e", "%e0%80%ae%e0%80%ae", "%f0%80%80%ae%f0%80%80%ae"),
    *("%uff0e%uff0e", "%u002e%u002e", "%ef%bc%8e%ef%bc%8e", "%e2%80%a5", "%e2%80%a4%e2%80%a4"),
    *("...", "....", ". .", "%2e%20%2e", "..\\", "..%5c", "..%255c", "..%c1%9c", "..%ef%bc%bc"),
    *("..%2f", "..%252f", "..%c0%af", "..%ef%bc%8f", "..%e2%88%95", "..%2f..%2f", "..%u2215"),
)


def climbing() -> Iterator[str]:
    for target in TARGETS:
        for climb in CLIMBS:
            for times in (1, 3):
                yield f"/v1/{'/'.join([climb] * times)}/{target}"
                yield f"/v1/things/{'/'.join([climb] * times)}/{target}"
            yield f"/v1/{climb}{target}"
            yield f"/{climb}/{target}"


STRAIGHT = (
    *(
        "/users",
        "/users/",
        "/users/things",
        "//users/things",
        "/./users/things",
        "///users//things",
    ),
    *("/users%2fthings", "/%75sers/things", "/%2575sers/things", "/USERS/things", "/Users/things"),
    *("/users;/things", "/users;x=1/things", "/users%3b/things", "/;/users/things", "/users/%2e"),
    *("/users\\things", "\\users\\things", "/%5cusers/things", "/users%00/things", "/users%0a"),
    *("/users\x01/things", "/\x7fusers/things", "/users\t/things", "/ users/things", "/users /x"),
    *("/v1/ledger", "/v1/ledger/", "/v1//ledger/things", "/v1/%6cedger/things", "/v1/ledger;/x"),
    *("/v1/ledger%2fthings", "/v1/./ledger/things", "/v1/x/../ledger/things", "/v1/.;/ledger/x"),
    *("/?/users/things", "/v1/?/../users/things", "/v1?x=/../users", "/#/users/things", "/users#"),
    *("/v1/things?../../users", "/v1/things#/../../users", "?/users/things", "/v1/users/things"),
    *("/v1", "/v1/..", "/..", "/../..", "/.", "/", "/v1/", "/v1/.", "*", "", "users/things", "."),
    *("/\u2024\u2024/users/things", "/\uff0e\uff0e/users/things", "/users\u2215things"),
)


def test_not_by_any_spelling_of_its_path(house: House, line: Line) -> None:
    for path in (*STRAIGHT, *climbing()):
        answer = line.ask(house.request(path.encode()))
        house.expects(answer, about=path)


def test_where_it_stands_strangers_find_what_they_find_anywhere(house: House, line: Line) -> None:
    """With a key and without one, there is no telling where an internal API stands."""

    def told(path: str, *fields: bytes) -> tuple[int, dict[str, Any], set[str]]:
        request = message(path.encode(), b"host: localhost", *fields)
        answer = line.ask(request)
        assert answer is not None
        return answer.status, without_its_id(answer.json()), set(answer.headers)

    key = b"x-api-key: " + house.key.encode()
    for fields in ((), (key,), (b"x-api-key: fc_live_no",)):
        nowhere = told("/nothing/stands/here", *fields)
        for path in ("/users", "/users/", "/users/things", "/prices/v1/things", "/users/%41"):
            assert told(path, *fields) == nowhere
    assert told("/users/things")[0] == 401
    assert told("/users/things", key)[0] == 404


# --- by host --------------------------------------------------------------------------------------

HOSTS = (
    *("users", "users.acme.example", "internal", "internal.acme.example", "127.0.0.1", "[::1]"),
    *("localhost:9443", "localhost.", "localhost..", ".localhost", "LOCALHOST", "xn--localhost"),
    *(
        "localhost, users",
        "users@localhost",
        "localhost@users",
        "localhost#users",
        "localhost/users",
    ),
    *("localhost?users", "localhost\\users", "localhost%2eusers", "localhost:443:9443", "*", ""),
    *("localhost\tusers", " localhost", "localhost ", "[localhost]", "0.0.0.0", "2130706433"),
    *("http://users/", "%6cocalhost", "users:80", "api.acme.example", "api.acme.example.", ":80"),
)


@pytest.mark.parametrize("path", ["/users/things", "/v1/things", "/v1/../users/things"])
def test_not_by_any_host(house: House, line: Line, path: str) -> None:
    for host in HOSTS:
        house.expects(line.ask(house.request(path, host=host.encode())), about=host)
        with_two = house.request(path, b"host: " + host.encode())
        house.expects(line.ask(with_two), about=("two hosts", host))
        other_first = house.request(path, b"host: localhost", host=host.encode())
        house.expects(line.ask(other_first), about=("two hosts", host))
        absolute = f"https://{host}{path}"
        house.expects(line.ask(house.request(absolute)), about=absolute)
    no_host = message(path.encode(), b"x-api-key: " + house.key.encode())
    house.expects(line.ask(no_host), about="no host")


ABSOLUTE = (
    *(
        "http://localhost/users/things",
        "https://users/things",
        "http:users/things",
        "//users/things",
    ),
    *(
        "http:///users/things",
        "https://localhost:9443/users/things",
        "http://127.0.0.1/users/things",
    ),
    *("https://localhost@users/users/things", "https://users@localhost/users/things"),
    *("ftp://localhost/users/things", "file:///users/things", "unix:///run/control.sock"),
    *(
        "https://localhost/../users/things",
        "https://localhost\\users\\things",
        "https://[::1]/users",
    ),
    *("https://localhost#/users/things", "https://localhost?/users/things", "https://", "https:/"),
)


def test_not_by_any_absolute_uri(house: House, line: Line) -> None:
    for uri in ABSOLUTE:
        house.expects(line.ask(house.request(uri)), about=uri)


@pytest.mark.parametrize(
    "name", ["users", "internal", "users.acme.example", "one.localhost", "127.0.0.1", None]
)
def test_not_by_the_name_in_the_handshake(house: House, name: str | None) -> None:
    with Line(house.gateway, host=name) as line:
        for path in ("/users/things", "/v1/ledger/things", "/v1/../users/things"):
            house.expects(line.ask(house.request(path)), about=(name, path))


# --- by method and protocol -----------------------------------------------------------------------

METHODS = (
    *("CONNECT", "TRACE", "TRACK", "OPTIONS", "HEAD", "DEBUG", "PROPFIND", "PURGE", "PRI", "get"),
    *("GET/users", "G\x01ET", "GET\t", " GET", "", "X" * 300, "TRACE ", "Connect", "trace"),
)


def test_not_by_any_method(house: House, line: Line) -> None:
    key = b"x-api-key: " + house.key.encode()
    for method in METHODS:
        for path in ("/users/things", "*", "localhost:443", "127.0.0.1:9443", "users:80"):
            request = message(path.encode(), b"host: localhost", key, method=method.encode())
            answer = line.ask(request, method=method)
            house.expects(answer, about=(method, path))


@pytest.mark.parametrize("method", ["CONNECT", "TRACE", "TRACK"])
def test_what_reflects_or_tunnels_is_refused_where_an_api_stands(
    house: House, line: Line, method: str
) -> None:
    key = b"x-api-key: " + house.key.encode()
    target = b"localhost:443" if method == "CONNECT" else b"/v1/things"
    request = message(target, b"host: localhost", key, method=method.encode())
    answer = line.ask(request, method=method)
    assert answer is None or answer.status in {400, 403, 404, 405}
    assert house.passed() == []


UPGRADES = (
    (b"upgrade: websocket", b"sec-websocket-version: 13", b"sec-websocket-key: dGVzdA=="),
    (b"upgrade: h2c", b"http2-settings: AAMAAABkAARAAAAAAAIAAAAA"),
    (b"upgrade: TLS/1.0",),
    (b"upgrade: connect-udp",),
    (b"upgrade: websocket, h2c",),
)


@pytest.mark.parametrize("path", ["/v1/things", "/users/things"])
def test_not_by_an_upgrade(house: House, line: Line, path: str) -> None:
    for fields in UPGRADES:
        request = house.request(path, b"connection: upgrade", *fields)
        answer = line.ask(request)
        assert answer is None or answer.status != 101, fields
        house.expects(answer, about=fields)
        smuggled = house.request("/users/things")
        heard = line.converse(request + smuggled)
        assert b" 101 " not in heard
        house.passed()


# --- by what only others may say ------------------------------------------------------------------


def test_nothing_that_is_ours_can_be_said(house: House, line: Line) -> None:
    for name in (*OURS, "upstream", "ratelimit", "ratelimit-policy", "path", "whatever"):
        for spelled in (f"forecourt-{name}", f"Forecourt-{name.title()}", f"FORECOURT-{name}"):
            forged = f"{spelled}: {FORGED}".encode()
            answer = line.ask(house.request("/v1/things", forged, forged))
            assert answer is not None
            assert answer.status == 200
            (received,) = house.passed()
            values = [v for n, v in received.headers if FORGED in v]
            assert values == []
            assert received.header("forecourt-audience") == "public"


def test_no_header_with_an_underscore_comes_in(house: House, line: Line) -> None:
    for name in ("forecourt_audience", "x_api_key", "Forecourt_Consumer", "x_forwarded_host"):
        answer = line.ask(house.request("/v1/things", f"{name}: {FORGED}".encode()))
        assert answer is not None
        assert answer.status == 400
        assert house.passed() == []


def test_no_folded_or_broken_header_line_says_it_either(house: House, line: Line) -> None:
    for raw in (
        b"x-a: b\r\n forecourt-audience: internal",
        b"x-a: b\r\n\tforecourt-audience: internal",
        b"forecourt-audience : internal",
        b" forecourt-audience: internal",
        b"forecourt-audience\t: internal",
        b"forecourt-audience\x00: internal",
        b"x-a: b\rforecourt-audience: internal",
        b"x-a: b\nforecourt-audience: internal",
        b"x-a: b\x00\r\nforecourt-audience: internal",
        b"forecourt-audience:\r\n internal",
        b":forecourt-audience: internal",
        b"forecourt-audience: internal\r\nforecourt-audience: internal",
    ):
        for path in ("/v1/things", "/users/things"):
            house.expects(line.ask(house.request(path, raw)), about=raw)


def test_no_trailer_says_it_either(house: House, line: Line) -> None:
    key = b"x-api-key: " + house.key.encode()
    chunked = message(
        b"/v1/things",
        b"host: localhost",
        key,
        b"content-type: application/json",
        b"transfer-encoding: chunked",
        b"trailer: forecourt-audience",
        method=b"POST",
        body=b"2\r\n{}\r\n0\r\nforecourt-audience: forged-7\r\nx-api-key: forged-7\r\n\r\n",
    )
    answer = line.ask(chunked, method="POST")
    assert answer is not None
    assert answer.status == 200, answer
    (received,) = house.passed()
    assert FORGED not in str(received)


def test_no_proof_of_colleagues_counts_outside(house: House, line: Line) -> None:
    """Not a forged one, and not a genuine one either."""
    identity = b"URI=spiffe://acme.example/ns/shop/sa/orders"
    proxy = b"URI=spiffe://acme.example/ns/mesh/sa/ingress"
    proofs = (
        b"x-forwarded-client-cert: Hash=" + b"a" * 64 + b";" + identity,
        b"x-forwarded-client-cert: " + identity + b"," + proxy,
        b"X-Forwarded-Client-Cert: " + identity,
        b"x-internal-service-token: " + house.service_token.encode(),
        b"authorization: Bearer " + house.service_token.encode(),
        b"x-api-key: " + house.service_token.encode(),
        b"x-spiffe-id: spiffe://acme.example/ns/shop/sa/orders",
    )
    key = b"x-api-key: " + house.key.encode()
    for proof in proofs:
        for more in ((), (key,)):
            for path in ("/users/things", "/v1/ledger/things"):
                answer = line.ask(message(path.encode(), b"host: localhost", proof, *more))
                house.expects(answer, about=proof)
                assert answer is not None
                is_of_another = more and path != "/users/things" and answer.status == 200
                assert is_of_another or answer.status in {400, 401, 404}


def test_a_certificate_of_the_mesh_is_nothing_outside(house: House) -> None:
    for http2 in (False, True):
        for path in ("/users/things", "/v1/ledger/things", "/v1/things"):
            answer = house.gateway.call(
                path, certificate=house.certificate, listener="external", http2=http2
            )
            assert answer.status_code == 401
    assert house.passed() == []


@pytest.mark.parametrize(
    "path", ["/users/things", "/v1/things", "/v1/ledger/things", "/prices/v1/x"]
)
def test_keys_of_strangers_and_partners_are_nothing_inside(house: House, path: str) -> None:
    for key in (house.key, house.partner_key):
        for given in ({"key": key}, {"token": key}):
            answer = house.gateway.call(path, listener="internal", **given)
            assert answer.status_code == 401
    assert house.passed() == []


REWRITES = (
    *(
        "x-original-url",
        "x-rewrite-url",
        "x-forwarded-path",
        "x-forwarded-uri",
        "x-forwarded-prefix",
    ),
    *("x-envoy-original-path", "x-envoy-original-url", "x-envoy-decorator-operation", "x-real-url"),
    *("x-original-uri", "x-override-url", "x-http-destinationurl", "x-proxy-url", "request-uri"),
)
HOST_CLAIMS = (
    *("x-forwarded-host", "x-host", "x-forwarded-server", "x-http-host-override", "forwarded"),
    *("x-original-host", "x-backend-host", "x-envoy-original-dst-host", "x-forwarded-for"),
)
METHOD_CLAIMS = ("x-http-method-override", "x-http-method", "x-method-override")
ENVOY_CLAIMS = (
    *("x-envoy-internal", "x-envoy-external-address", "x-envoy-upstream-alt-stat-name"),
    *(
        "x-envoy-upstream-rq-timeout-ms",
        "x-envoy-max-retries",
        "x-envoy-retry-on",
        "x-envoy-ip-tags",
    ),
    *(
        "x-envoy-force-trace",
        "x-envoy-hedge-on-per-try-timeout",
        "x-envoy-downstream-service-cluster",
    ),
    *("x-envoy-upstream-canary", "x-envoy-attempt-count", "x-envoy-expected-rq-timeout-ms"),
)


def test_no_field_makes_a_request_mean_something_else(house: House, line: Line) -> None:
    claims = (
        *((name, b"/users/things") for name in REWRITES),
        *((name, b"users.acme.example") for name in HOST_CLAIMS),
        *((name, b"CONNECT") for name in METHOD_CLAIMS),
        *((name, b"true") for name in ENVOY_CLAIMS),
        *((name, b"127.0.0.1") for name in ("x-real-ip", "x-client-ip", "true-client-ip", "via")),
        *((name, b"cluster") for name in ("cluster", "x-cluster", "forecourt-upstream")),
    )
    for name, value in claims:
        for path in ("/v1/things", "/users/things"):
            answer = line.ask(house.request(path, name.encode() + b": " + value))
            house.expects(answer, about=(name, path))
            assert answer is not None
            assert (answer.status == 200) is (path == "/v1/things"), name


# --- by messages that two servers read in two ways ------------------------------------------------


def smuggling(house: House) -> Iterator[bytes]:
    key = b"x-api-key: " + house.key.encode()
    hidden = message(b"/users/things", b"host: localhost", key, b"forecourt-audience: internal")
    length = b"content-length: %d" % len(hidden)
    bodies = (
        ((length, b"transfer-encoding: chunked"), b"0\r\n\r\n" + hidden),
        ((b"transfer-encoding: chunked", length), b"0\r\n\r\n" + hidden),
        (
            (b"content-length: 4", b"transfer-encoding: chunked"),
            b"5c\r\n" + hidden + b"\r\n0\r\n\r\n",
        ),
        ((b"content-length: 0", length), hidden),
        ((length, b"content-length: 0"), hidden),
        ((b"content-length: 0, %d" % len(hidden),), hidden),
        ((b"content-length: +0",), hidden),
        ((b"content-length: -1",), hidden),
        ((b"content-length: 0x0",), hidden),
        ((b"content-length: 0 0",), hidden),
        ((b"content-length: 18446744073709551616",), hidden),
        ((b"content-length : 0",), hidden),
        ((b"content-length:\r\n 0",), hidden),
        ((b"transfer-encoding: chunked, identity",), b"0\r\n\r\n" + hidden),
        ((b"transfer-encoding: identity",), b"0\r\n\r\n" + hidden),
        ((b"transfer-encoding: xchunked", b"content-length: 5"), b"0\r\n\r\n" + hidden),
        ((b"transfer-encoding : chunked",), b"0\r\n\r\n" + hidden),
        ((b"transfer-encoding: chunked", b"transfer-encoding: x"), b"0\r\n\r\n" + hidden),
        ((b"transfer-encoding:\x0bchunked", b"content-length: 5"), b"0\r\n\r\n" + hidden),
        ((b"transfer-encoding: \x00chunked", b"content-length: 5"), b"0\r\n\r\n" + hidden),
        ((b"transfer-encoding\x00: chunked", b"content-length: 5"), b"0\r\n\r\n" + hidden),
        ((b"x: y\ntransfer-encoding: chunked", b"content-length: 5"), b"0\r\n\r\n" + hidden),
        ((b"transfer-encoding: chunked",), b"0;\n\r\n\r\n" + hidden),
        ((b"transfer-encoding: chunked",), b"0\n\n" + hidden),
        ((b"transfer-encoding: chunked",), b"00000000000000000\r\n\r\n" + hidden),
        ((b"transfer-encoding: chunked",), b"-1\r\n\r\n" + hidden),
        ((b"transfer-encoding: chunked",), b"0x0\r\n\r\n" + hidden),
        ((b"transfer-encoding: chunked",), b"0\r\nx: y\r\n\r\n" + hidden),
        ((b"expect: 100-continue", length), hidden),
        ((), hidden),
    )
    for method in (b"POST", b"GET", b"HEAD", b"OPTIONS"):
        for path in (b"/v1/things", b"/nothing"):
            for fields, body in bodies:
                yield message(path, b"host: localhost", key, *fields, method=method, body=body)


def broken_lines(house: House) -> Iterator[bytes]:
    whole = house.request("/users/things")
    yield whole.replace(b"\r\n", b"\n")
    yield whole.replace(b"\r\n", b"\r")
    yield whole.replace(b" HTTP/1.1", b"")
    yield whole.replace(b"HTTP/1.1", b"HTTP/0.9")
    yield whole.replace(b"HTTP/1.1", b"HTTP/1.0")
    yield whole.replace(b"HTTP/1.1", b"HTTP/2.0")
    yield whole.replace(b"HTTP/1.1", b"HTTP/1.1 HTTP/1.1")
    yield whole.replace(b" ", b"\t")
    yield whole.replace(b" ", b"  ")
    yield b"\r\n\r\n" + whole
    yield b"\x16\x03\x01" + whole
    yield b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + whole
    yield b"PROXY TCP4 127.0.0.1 127.0.0.1 1 9443\r\n" + whole
    yield b"GET /v1/things HTTP/1.1\r\n" + whole
    yield b"GET /v1/things\r\n" + whole
    yield house.request("/v1/things") + whole
    yield house.request("/v1/things\r\nx: y") + whole


# Envoy takes its time to end a connection, so they are tried beside each other.
AT_ONCE = 16
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")


@pytest.mark.timeout(180)
@pytest.mark.slow
def test_nothing_is_smuggled(house: House) -> None:
    say_all(house, (*smuggling(house), *broken_lines(house)))


# --- over HTTP/2 ----------------------------------------------------------------------------------


def frames(house: House) -> Iterator[Fields]:
    key = (b"x-api-key", house.key.encode())

    def of(
        path: bytes = b"/users/things",
        *more: tuple[bytes, bytes],
        method: bytes = b"GET",
        scheme: bytes = b"https",
        authority: bytes = b"localhost",
    ) -> Fields:
        pseudo = (
            (b":method", method),
            (b":scheme", scheme),
            (b":authority", authority),
            (b":path", path),
        )
        return (*pseudo, key, *more)

    yield of()
    for other in (b"/users/things", b"/v1/things"):
        yield ((b":path", other), *of(b"/v1/things"))
        yield (*of(b"/users/things")[:4], (b":path", other), key)
        yield of(b"/v1/things", (b":path", other))
    for authority in (b"users", b"127.0.0.1:9443", b"", b"localhost\r\nx: y", b"users@localhost"):
        yield of(authority=authority)
        yield of(b"/users/things", (b"host", authority))
        yield of(b"/v1/things", (b"host", authority))
        yield (*of(b"/v1/things")[:4], (b":authority", authority), key)
    yield ((b":method", b"GET"), (b":scheme", b"https"), (b":path", b"/users/things"), key)
    yield (*of()[:2], *of()[3:], (b"host", b"users"))
    for scheme in (b"http", b"ftp", b"", b"https://users/", b"internal", b"https\r\nx: y", b"\x00"):
        yield of(scheme=scheme)
        yield of(b"/v1/things", scheme=scheme)
    yield (*of(b"/v1/things"), (b":scheme", b"http"))
    for path in (
        *(b"", b"*", b"users/things", b"https://localhost/users/things", b"//users/things"),
        *(b"/users/things HTTP/1.1\r\nx: y", b"/users\x00/things", b"/users/things#x", b"/\xff"),
        *(b"/v1/../users/things", b"/v1/%2e%2e/users/things", b"/v1/%252e%252e/users/things"),
        *(b"/v1/..;/users/things", b"/v1\\..\\users\\things", b"/v1/\r\n/users", b"/v1/ /users"),
    ):
        yield of(path)
    for method in (
        b"CONNECT",
        b"TRACE",
        b"get",
        b"",
        b"GET /users HTTP/1.1\r\nx:",
        b"PRI",
        b"\x00",
    ):
        yield of(method=method)
        yield of(b"/v1/things", method=method)
    yield ((b":method", b"CONNECT"), (b":authority", b"127.0.0.1:9443"), key)
    yield of(b"/users/things", (b":protocol", b"websocket"), method=b"CONNECT")
    yield (*of()[:4], (b":protocol", b"websocket"), key)
    for name, value in (
        (b"forecourt-audience", b"forged-7"),
        (b"Forecourt-Audience", b"forged-7"),
        (b"FORECOURT-AUDIENCE", b"forged-7"),
        (b"forecourt_audience", b"forged-7"),
        (b":forecourt-audience", b"forged-7"),
        (b"forecourt-audience:x", b"forged-7"),
        (b"x\r\nforecourt-audience", b"forged-7"),
        (b"x", b"y\r\nforecourt-audience: forged-7"),
        (b"x", b"y\nforecourt-audience: forged-7"),
        (b"x", b"y\x00forecourt-audience: forged-7"),
        (b"", b"forged-7"),
        (b"connection", b"upgrade"),
        (b"connection", b"x-api-key"),
        (b"upgrade", b"websocket"),
        (b"transfer-encoding", b"chunked"),
        (b"te", b"gzip"),
        (b"keep-alive", b"1"),
        (b"proxy-connection", b"keep-alive"),
        (b"content-length", b"99"),
        (b"x-forwarded-client-cert", b"URI=spiffe://acme.example/ns/shop/sa/orders"),
        (b"x-internal-service-token", house.service_token.encode()),
        (b"x-original-url", b"/users/things"),
        (b":method", b"GET"),
        (b":status", b"200"),
    ):
        yield of(b"/v1/things", (name, value))
        yield of(b"/users/things", (name, value))
    yield (key, *of(b"/v1/things")[:4])
    yield (key,)


def test_not_over_http2(house: House) -> None:
    sent = list(frames(house))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = list(pool.map(lambda fields: over_http2(house.gateway, fields), sent))
    for fields, status in zip(sent, statuses, strict=True):
        assert status is None or status < 500, fields
    house.passed()
    assert statuses[0] == 404
    answered = [status for status in statuses if status is not None]
    assert len(answered) > 20, "hardly anything was answered: the frames do not arrive"


def test_no_body_over_http2_becomes_a_request(house: House) -> None:
    key = (b"x-api-key", house.key.encode())
    hidden = house.request("/users/things")
    for more in (
        (),
        ((b"content-length", b"0"),),
        ((b"content-length", b"%d" % len(hidden)),),
        ((b"content-length", b"1"), (b"content-length", b"%d" % len(hidden))),
        ((b"transfer-encoding", b"chunked"),),
    ):
        pseudo = (
            (b":method", b"POST"),
            (b":scheme", b"https"),
            (b":authority", b"localhost"),
            (b":path", b"/v1/things"),
        )
        status = over_http2(house.gateway, (*pseudo, key, *more), hidden)
        assert status is None or status < 500, more
        for received in house.passed():
            assert received.path == "/public/things"
            assert received.body in {hidden, b""}


# --- by what others have collected ----------------------------------------------------------------


def on_one_line(text: str) -> bytes:
    """What of it can stand in a request line: a line's end or a blank would end the target."""
    return re.sub(rb"[\r\n ]", b"", text.encode(errors="surrogatepass"))


TRAVERSALS = (
    "payloads/Directory Traversal/Intruder/deep_traversal.txt",
    "payloads/Directory Traversal/Intruder/directory_traversal.txt",
    "payloads/Directory Traversal/Intruder/traversals-8-deep-exotic-encoding.txt",
    "fuzzdb/attack/path-traversal/traversals-8-deep-exotic-encoding.txt",
    "fuzzdb/attack/path-traversal/path-traversal-windows.txt",
)


@HOW_MANY
@pytest.mark.parametrize("name", TRAVERSALS)
def test_not_by_a_known_traversal(house: House, line: Line, name: str, most: int) -> None:
    for climb in spread(data(name).read_text(errors="replace").splitlines(), most):
        path = climb.replace("{FILE}", "users/things")
        for before in ("/v1/", "/v1/things"):
            target = before.encode() + on_one_line(path)
            house.expects(line.ask(house.request(target)), about=target)


@HOW_MANY
def test_not_by_a_known_url(house: House, line: Line, most: int) -> None:
    cases = json.loads(data("urltestdata/url/tests/urltestdata.json").read_text())
    inputs = spread((case["input"] for case in cases if isinstance(case, dict)), most)
    for url in inputs:
        for target in (on_one_line(url), b"/v1/" + on_one_line(url)):
            house.expects(line.ask(house.request(target)), about=target)
        host = on_one_line(url.partition("://")[2].partition("/")[0])
        house.expects(line.ask(house.request("/users/things", host=host)), about=host)


LISTS_OF_WORDS = (
    "fuzzdb/attack/http-protocol/crlf-injection.txt",
    "fuzzdb/attack/http-protocol/hpp.txt",
    "fuzzdb/attack/http-protocol/http-header-cache-poison.txt",
    "fuzzdb/attack/http-protocol/known-uri-types.txt",
    "fuzzdb/attack/http-protocol/user-agents.txt",
    "fuzzdb/attack/control-chars/HexValsAllBytes.txt",
    "fuzzdb/attack/control-chars/NullByteRepresentations.txt",
    "fuzzdb/attack/control-chars/imessage.txt",
    "fuzzdb/attack/control-chars/terminal-escape-codes.txt",
    "fuzzdb/attack/control-chars/true.txt",
    "fuzzdb/attack/integer-overflow/integer-overflows.txt",
    "payloads/CRLF Injection/Files/crlfinjection.txt",
    "blns/blns.txt",
)


@HOW_MANY
@pytest.mark.parametrize("name", LISTS_OF_WORDS)
def test_not_by_a_naughty_word(house: House, line: Line, name: str, most: int) -> None:
    for word in spread(data(name).read_text(errors="replace").splitlines(), most):
        raw = on_one_line(word)
        for target in (b"/v1/" + raw + b"/../users/things", b"/users/things?" + raw):
            house.expects(line.ask(house.request(target)), about=target)
        spoken = word.encode(errors="replace")
        house.expects(line.ask(house.request("/v1/things", b"x-said: " + spoken)), about=spoken)


@HOW_MANY
def test_not_by_a_known_field_or_method(house: House, line: Line, most: int) -> None:
    folder = data("fuzzdb/attack/http-protocol")
    key = b"x-api-key: " + house.key.encode()
    names = [
        name
        for kind in ("request", "response")
        for name in (folder / f"http-{kind}-header-field-names.txt").read_text().split()
    ]
    for name in spread(names, most):
        for value in (b"/users/things", b"users", b"0"):
            spoken = name.encode() + b": " + value
            for path in ("/users/things", "/v1/things"):
                house.expects(line.ask(house.request(path, spoken)), about=spoken)
    for method in spread((folder / "http-protocol-methods.txt").read_text().split(), most):
        for target in (b"/users/things", b"/v1/things"):
            request = message(target, b"host: localhost", key, method=method.encode())
            house.expects(line.ask(request, method=method), about=(method, target))


@HOW_MANY
def test_not_by_any_message_that_parsers_are_tried_with(house: House, most: int) -> None:
    """The requests of llhttp, as they are and with a key and the path of an internal API."""
    found = [
        text
        for file in sorted(data("llhttp-md/test/request").glob("*.md"))
        for text in re.findall(r"```http\n(.*?)\n```", file.read_text(), re.DOTALL)
    ]
    assert len(found) > 100
    messages = []
    for text in spread(found, most):
        raw = written_out(text)
        ours = re.sub(rb"^(\S+) \S+", rb"\1 /users/things", raw, count=1)
        key = b"\r\nhost: localhost\r\nx-api-key: " + house.key.encode() + b"\r\n"
        messages += [raw, ours, ours.replace(b"\r\n", key, 1)]
    say_all(house, messages)


def written_out(text: str) -> bytes:
    """A request of llhttp's documents in bytes: its lines end in CRLF, its escapes are C's."""
    joined = text.replace("\\\n", "").replace("\n", "\r\n")
    for escape, meant in ((r"\r", "\r"), (r"\n", "\n"), (r"\t", "\t"), (r"\f", "\f")):
        joined = joined.replace(escape, meant)
    return re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes([int(m[1], 16)]), joined.encode())


@HOW_MANY
def test_not_by_a_known_attack_request(house: House, most: int) -> None:
    folder = data("crs-regression/tests")
    requests = []
    for file in sorted(folder.rglob("*.yaml")):
        described = yaml.load(file.read_text(), yaml.CSafeLoader) or {"tests": []}
        for case in described["tests"]:
            requests += [as_sent(stage["input"], house.key) for stage in case["stages"]]
    assert len(requests) > 300
    say_all(house, spread(requests, most))


def as_sent(described: dict[str, Any], key: str) -> bytes:
    """A request of the rule set's tests, at an internal API where the path is its own."""
    if encoded := described.get("encoded_request"):
        return base64.b64decode(encoded)
    fields = {"Host": "localhost", **(described.get("headers") or {}), "X-Api-Key": key}
    body = str(described.get("data") or "").encode(errors="replace")
    if body and not {"content-length", "transfer-encoding"} & {n.lower() for n in fields}:
        fields["Content-Length"] = str(len(body))
    target = str(described.get("uri", "/")).encode(errors="replace")
    lines = [f"{name}: {value}".encode(errors="replace") for name, value in fields.items()]
    method = str(described.get("method", "GET")).encode()
    return message(b"/users" + target, *lines, method=method, body=body)


@HOW_MANY
def test_no_body_comes_in_that_is_no_json(house: House, line: Line, most: int) -> None:
    """What the suite says every parser must refuse; what it leaves open may go either way."""
    files = [f for f in data("json-test-suite/test_parsing").glob("*.json") if f.stat().st_size]
    house.passed()
    for file in spread(sorted(files), most):
        body = file.read_bytes()
        fields = (
            *(b"host: localhost", b"x-api-key: " + house.key.encode()),
            *(b"content-type: application/json", b"content-length: %d" % len(body)),
        )
        request = message(b"/v1/things", *fields, method=b"POST", body=body)
        answer = line.ask(request, method="POST")
        assert answer is not None, file.name
        assert answer.status < 500, file.name
        reached = house.passed()
        if file.name.startswith("n_"):
            assert (answer.status, reached) == (400, []), file.name
        elif answer.status < 400:
            assert [received.body for received in reached] == [body], file.name


def say_all(house: House, messages: Iterable[bytes]) -> None:
    """Each on a connection of its own; nothing of it may reach an internal API."""

    def heard(said: bytes) -> bytes:
        with Line(house.gateway) as line:
            return line.converse(said, seconds=0.2)

    tried = list(messages)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(heard, tried))
    for said, answer in zip(tried, answers, strict=True):
        for status in STATUS.findall(answer):
            assert int(status) < 500, (said, answer)
    house.passed()
