"""Tokens that a real issuer signs: its keys are fetched over TLS, and again when they change."""

from __future__ import annotations

import base64
import hmac
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from forecourt.edge.authority import KeyPair, LocalAuthority
from forecourt.store.signing_keys import SigningKeyFiles
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import an_api, an_estate, spare_tests
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.upstream import an_upstream

ISSUER, FOR_US = "https://id.acme.example/", "https://api.acme.example"


@dataclass(kw_only=True)
class AnIssuer:
    """Signs tokens, and publishes its key at `url`."""

    url: str
    authority: Path
    is_away: bool = False
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "1"}))

    def token(self, key: ECKey | None = None) -> str:
        signer = key or self.key
        claims = {"iss": ISSUER, "aud": FOR_US, "azp": "shop", "sub": "ada"}
        header = {"alg": "ES256", "kid": signer.kid}
        return jwt.encode(header, {**claims, "exp": int(time.time()) + 600}, signer)

    def published(self) -> bytes:
        return json.dumps({"keys": [self.key.as_dict(private=False)]}).encode()


@contextmanager
def an_issuer(folder: Path) -> Iterator[AnIssuer]:
    now = datetime.now(UTC)
    authority = LocalAuthority(folder, "issuer")
    authority.ensure(now)
    pair = KeyPair(certificate=folder / "tls.pem", key=folder / "tls.key")
    authority.server(pair, ["localhost"], now)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = issuer.published()
            self.send_response(503 if issuer.is_away else 200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        url = f"https://localhost:{server.server_address[1]}/jwks.json"
        issuer = AnIssuer(url=url, authority=authority.certificate)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield issuer
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def issuer(tmp_path: Path) -> Iterator[AnIssuer]:
    with an_issuer(tmp_path) as found:
        yield found


def test_a_token_of_a_declared_issuer_counts_once_its_keys_were_fetched(
    started: Started, issuer: AnIssuer
) -> None:
    declared = {
        "name": "acme-id",
        "issuer": ISSUER,
        "jwks": issuer.url,
        "token_audience": FOR_US,
        "callers": "public",
    }
    with an_upstream() as upstream:
        gateway = an_estate(
            apis={"lamps": an_api(upstream=upstream.url)},
            organization={"identity": {"issuers": [declared]}},
            local=False,
        )
        spare_tests(gateway)
        gateway.environment |= {"SSL_CERT_FILE": str(issuer.authority), "NO_PROXY": "*"}
        started(gateway)

        def status(token: str) -> int:
            fields = {"authorization": f"Bearer {token}"}
            return gateway.call("/lamps/v1/things", headers=fields).status_code

        eventually(lambda: status(issuer.token()) == 200, what="its keys to be known")
        assert upstream.last().header("forecourt-consumer") == "developer:acme-id/shop"
        assert status(issuer.token(ECKey.generate_key("P-256", {"kid": "1"}))) == 401
        assert "an issuer's keys changed" in gateway.forecourt("revisions").stdout

        issuer.key = ECKey.generate_key("P-256", {"kid": "2"})
        eventually(lambda: status(issuer.token()) == 200, what="a new key to be known")

        issuer.is_away = True
        gateway.stop()
        gateway.start()
        assert status(issuer.token()) == 200, "nobody who holds a token needs its issuer"


# --- tokens that are not what they should be ------------------------------------------------------


def _own_key(gateway: Gateway) -> ECKey:
    """The key that stands in for `acme-id`."""
    return SigningKeyFiles(gateway.state).local_issuer("acme-id").key


def _claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    sound = {
        "iss": ISSUER,
        "aud": FOR_US,
        "azp": "shop",
        "scope": "payments:read",
        "iat": now,
        "exp": now + 600,
    }
    return {name: value for name, value in {**sound, **changed}.items() if value is not None}


def _status(gateway: Gateway, token: str) -> int:
    return gateway.call("/v2/payments", token=token).status_code


def _signed(gateway: Gateway, claims: Mapping[str, Any], **header: Any) -> str:
    key = _own_key(gateway)
    return jwt.encode({"alg": "ES256", "kid": key.thumbprint(), **header}, dict(claims), key)


def test_a_token_as_its_issuer_signs_it_counts(running_acme: Gateway) -> None:
    assert _status(running_acme, _signed(running_acme, _claims())) == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": 1_000_000_000},
        {"exp": None},
        {"nbf": 4_000_000_000},
        {"aud": "https://elsewhere.example"},
        {"aud": None},
        {"aud": f"{FOR_US}.evil.example"},
        {"iss": "https://elsewhere.example/"},
        {"iss": ISSUER.rstrip("/")},
        {"iss": None},
        {"azp": None},
        {"azp": ["shop"]},
    ],
    ids=[
        *("expired", "for ever", "not yet valid", "for another audience", "for nobody"),
        *("for a longer name", "of another issuer", "of a shorter name", "of nobody"),
        *("of no application", "of a list"),
    ],
)
def test_a_token_that_is_not_sound_is_refused(
    running_acme: Gateway, changed: dict[str, Any]
) -> None:
    assert _status(running_acme, _signed(running_acme, _claims(**changed))) == 401


def _signed_with_the_public_key(gateway: Gateway) -> str:
    """HS256 with what everybody may know: the published key, as PEM."""
    pem = _own_key(gateway).as_pem(private=False)
    return _by_hmac(gateway, pem)


def _signed_with_the_published_set(gateway: Gateway) -> str:
    return _by_hmac(gateway, SigningKeyFiles(gateway.state).local_issuer("acme-id").jwks().encode())


def _by_hmac(gateway: Gateway, secret: bytes) -> str:
    head = _part({"alg": "HS256", "typ": "JWT", "kid": _own_key(gateway).thumbprint()})
    text = f"{head}.{_part(_claims())}"
    return f"{text}.{_base64(hmac.digest(secret, text.encode(), 'sha256'))}"


def _of_algorithm_none(gateway: Gateway) -> str:
    return f"{_part({'alg': 'none', 'kid': _own_key(gateway).thumbprint()})}.{_part(_claims())}."


def _without_a_signature(gateway: Gateway) -> str:
    return ".".join((*_signed(gateway, _claims()).split(".")[:2], ""))


def _of_an_unknown_key(gateway: Gateway) -> str:
    key = ECKey.generate_key("P-256", {"kid": "nobody knows"})
    return jwt.encode({"alg": "ES256", "kid": "nobody knows"}, _claims(), key)


def _that_brings_its_own_key(gateway: Gateway) -> str:
    key = ECKey.generate_key("P-256")
    header = {"alg": "ES256", "jwk": key.as_dict(private=False)}
    return jwt.encode(header, _claims(), key)


def _with_anothers_payload(gateway: Gateway) -> str:
    head, _, signature = _signed(gateway, _claims()).split(".")
    return f"{head}.{_part(_claims(azp='other'))}.{signature}"


@pytest.mark.parametrize(
    "forged",
    [
        _signed_with_the_public_key,
        _signed_with_the_published_set,
        _of_algorithm_none,
        _without_a_signature,
        _of_an_unknown_key,
        _that_brings_its_own_key,
        _with_anothers_payload,
    ],
    ids=[
        *("by the public key", "by the published set", "algorithm none", "no signature"),
        *("an unknown key", "a key of its own", "another's payload"),
    ],
)
def test_a_token_that_its_issuer_did_not_sign_is_refused(
    running_acme: Gateway, forged: Callable[[Gateway], str]
) -> None:
    assert _status(running_acme, forged(running_acme)) == 401


def _part(value: Mapping[str, Any]) -> str:
    return _base64(json.dumps(value).encode())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
