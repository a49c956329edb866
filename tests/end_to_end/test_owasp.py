"""Attacks of the OWASP API Security Top 10 (2023) that no other test here makes: docs/owasp.md."""

from __future__ import annotations

import json
import socket
import ssl
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from tests.end_to_end.collected import HOW_MANY, data, spread
from tests.end_to_end.gateway import Gateway, Listener

_PAYMENTS = "/v2/payments"


@pytest.fixture
def lure() -> Iterator[socket.socket]:
    """Listens; whoever connects was lured."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def _was_called(lure: socket.socket) -> bool:
    try:
        lure.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _token(key: ECKey, header: dict[str, Any]) -> str:
    """What the issuer of acme would sign, signed by somebody else."""
    now = datetime.now(UTC)
    claims = {
        "iss": "https://id.acme.example/",
        "aud": "https://api.acme.example",
        "azp": "shop",
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(minutes=5)).timestamp()),
    }
    return jwt.encode({"alg": "ES256", **header}, claims, key)


@HOW_MANY
def test_no_token_counts_that_others_have_been_tried_with(running_acme: Gateway, most: int) -> None:
    """API2: good signatures by keys that are not ours, and bad ones of every kind."""
    path = data("wycheproof-jose/testvectors_v1/json_web_signature_test.json")
    groups = json.loads(path.read_text())["testGroups"]
    tokens = [test["jws"] for group in groups for test in group["tests"]]
    for number, some in enumerate(batched(spread(tokens, most))):
        # Who guesses more is blocked, and not only here.
        own_address = httpx.HTTPTransport(
            verify=running_acme.tls(), local_address=f"127.0.88.{number + 1}"
        )
        with httpx.Client(base_url=running_acme.base(), transport=own_address) as client:
            for token in some:
                bearer = f"Bearer {token}".encode().replace(b"\n", b"")
                answer = client.get(_PAYMENTS, headers={b"authorization": bearer})
                assert answer.status_code == 401, token


def batched(tokens: list[str], size: int = 20) -> Iterator[list[str]]:
    for first in range(0, len(tokens), size):
        yield tokens[first : first + size]


@pytest.mark.parametrize("name", ["jku", "x5u", "jwk", "kid", "kid that climbs", "kid that asks"])
def test_no_token_brings_its_own_key(running_acme: Gateway, lure: socket.socket, name: str) -> None:
    """API2 and API7: a field of a token names a key, and nobody fetches it or believes it."""
    key = ECKey.generate_key("P-256", {"kid": "mine"})
    url = f"http://127.0.0.1:{lure.getsockname()[1]}/keys.json"
    header = {
        "jku": {"jku": url, "kid": "mine"},
        "x5u": {"x5u": url},
        "jwk": {"jwk": key.as_dict(private=False)},
        "kid": {"kid": url},
        "kid that climbs": {"kid": "../../../../../../dev/null"},
        "kid that asks": {"kid": "x' UNION SELECT 'y"},
    }[name]
    answer = running_acme.call(_PAYMENTS, token=_token(key, header))
    assert answer.status_code == 401
    assert not _was_called(lure)


def test_no_parameter_or_field_makes_the_edge_call_somewhere(
    running_acme: Gateway, lure: socket.socket
) -> None:
    """API7: addresses that a caller sends are text."""
    port = lure.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    names = ("x-forwarded-host", "x-original-url", "forwarded", "referer", "origin", "from")
    fields = dict.fromkeys(names, url)
    key = running_acme.a_key(developer="lured")
    for path in (_PAYMENTS, f"{_PAYMENTS}?callback={url}", f"/{url}", f"//127.0.0.1:{port}/"):
        running_acme.call(path, key=key, headers=fields)
    for target in (_PAYMENTS, url):
        lines = f"GET {target} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nx-api-key: {key}\r\n\r\n"
        running_acme.raw(lines.encode())
    assert not _was_called(lure)


@pytest.mark.parametrize("listener", ["external", "internal"])
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_no_old_encryption_is_spoken(
    running_acme: Gateway, listener: Listener, version: ssl.TLSVersion
) -> None:
    """API8: and what is refused is the version, as the same client is served with TLS 1.2."""
    assert _speaks(running_acme, listener, ssl.TLSVersion.TLSv1_2)
    assert not _speaks(running_acme, listener, version)


def _speaks(gateway: Gateway, listener: Listener, version: ssl.TLSVersion) -> bool:
    certificate = gateway.client("orders") if listener == "internal" else None
    context = gateway.tls(certificate=certificate)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    port = gateway.ports.external if listener == "external" else gateway.ports.internal
    with socket.create_connection(("127.0.0.1", port), 10) as plain:
        try:
            with context.wrap_socket(plain, server_hostname="localhost") as secure:
                return secure.version() is not None
        except ssl.SSLError as refused:
            if "PROTOCOL_VERSION" in str(refused):
                return False
            raise


@pytest.mark.parametrize("path", [_PAYMENTS, "/users/profile", "/nowhere"])
def test_no_page_of_somebody_elses_may_read_answers(running_acme: Gateway, path: str) -> None:
    """API8: nothing says to a browser that another origin may; nor what stands at a path."""
    asked = {"origin": "https://evil.example", "access-control-request-method": "GET"}
    for method in ("OPTIONS", "GET"):
        answer = running_acme.call(path, method=method, headers=asked)
        assert answer.status_code == 401
        assert [n for n in answer.headers if n.startswith("access-control-")] == []
