"""A token for a service that the edge has seen the certificate of."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from joserfc import jwt

from forecourt.actions.signing_key import generate_signing_key
from forecourt.server.internal_tokens import internal_tokens
from tests.actions.builders import chance, some_callers

KEY = generate_signing_key()
NOW = datetime(2026, 3, 1, tzinfo=UTC)


async def asked(method: str = "POST", **headers: str) -> httpx.Response:
    application = internal_tokens(
        callers=some_callers, key=lambda: KEY, clock=lambda: NOW, entropy=chance()
    )
    fields = {f"forecourt-{name}": value for name, value in headers.items()}
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://control") as client:
        return await client.request(method, "/internal/token", headers=fields)


async def test_names_the_service_for_ten_minutes() -> None:
    answer = await asked(application="orders", credential="spiffe:orders")
    claims = jwt.decode(answer.json()["access_token"], KEY.key).claims
    assert (claims["sub"], claims["exp"] - claims["iat"]) == ("orders", 600)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"application": "orders"},
        {"application": "orders", "credential": "internal_token:orders"},
        {"application": "orders", "credential": "spiffe:billing"},
        {"application": "", "credential": "spiffe:"},
        {"application": "nobody", "credential": "spiffe:nobody"},
    ],
)
async def test_gives_none_to(headers: dict[str, str]) -> None:
    answer = await asked(**headers)
    assert answer.status_code == 403
    assert "access_token" not in answer.json()


async def test_gives_none_to_who_only_reads() -> None:
    assert (await asked("GET", application="orders", credential="spiffe:orders")).status_code == 405
