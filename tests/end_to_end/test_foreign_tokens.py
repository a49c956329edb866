"""Tokens that a real issuer signs: its keys are fetched over TLS, and again when they change."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from forecourt.edge.authority import KeyPair, LocalAuthority
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import an_api, an_estate
from tests.end_to_end.eventually import eventually
from tests.end_to_end.upstream import an_upstream

ISSUER, FOR_US = "https://id.acme.example/", "https://api.acme.example"


@dataclass(kw_only=True)
class AnIssuer:
    """Signs tokens, and publishes its key at `url`."""

    url: str
    authority: Path
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
            self.send_response(200)
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
        gateway.environment |= {"SSL_CERT_FILE": str(issuer.authority), "NO_PROXY": "*"}
        started(gateway)

        def status(token: str) -> int:
            fields = {"authorization": f"Bearer {token}"}
            return gateway.call("/lamps/v1/things", headers=fields).status_code

        eventually(lambda: status(issuer.token()) == 200, what="its keys to be known")
        assert upstream.last().header("forecourt-consumer") == "developer:acme-id/shop"
        assert status(issuer.token(ECKey.generate_key("P-256", {"kid": "1"}))) == 401
        assert "an issuer's keys changed" in gateway.forecourt("revisions").stdout
