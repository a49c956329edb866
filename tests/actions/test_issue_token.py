"""Tokens for services."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from forecourt.actions.issue_token import (
    LifetimeOutOfRange,
    TokenIssued,
    UndeclaredService,
    issue_token,
)
from forecourt.actions.signing_key import SigningKey, generate_signing_key
from tests.actions.builders import NOW, chance, some_callers

KEY = generate_signing_key()


def verified(token: str, key: SigningKey = KEY) -> jwt.Token:
    """As somebody reads it who has only the public keys."""
    return jwt.decode(token, KeySet.import_key_set(json.loads(key.jwks())), algorithms=["ES256"])


def ask(service: str = "orders", **options: timedelta) -> object:
    return issue_token(
        service, callers=some_callers(), key=KEY, now=NOW, entropy=chance(), **options
    )


def test_says_which_service_calls_and_for_how_long() -> None:
    outcome = ask()
    assert isinstance(outcome, TokenIssued)
    token = verified(outcome.token)
    issued_at = int(NOW.timestamp())
    id = token.claims.pop("jti")
    assert token.claims == {
        "iss": "forecourt:acme.example",
        "sub": "orders",
        "aud": "acme.example",
        "iat": issued_at,
        "nbf": issued_at,
        "exp": issued_at + 600,
    }
    assert id.startswith("tok_")
    assert token.header == {"alg": "ES256", "typ": "JWT", "kid": KEY.id}


def test_lasts_as_long_as_it_is_asked_to() -> None:
    outcome = ask(lifetime=timedelta(minutes=60))
    assert isinstance(outcome, TokenIssued)
    assert verified(outcome.token).claims["exp"] == int(NOW.timestamp()) + 3600
    assert outcome.expires_at == NOW + timedelta(minutes=60)


@pytest.mark.parametrize("seconds", [-1, 0, 3601])
def test_refuses_a_lifetime_of(seconds: int) -> None:
    assert ask(lifetime=timedelta(seconds=seconds)) == LifetimeOutOfRange()


def test_refuses_a_service_that_is_not_declared() -> None:
    assert ask("billing") == UndeclaredService(known=("orders",))


def test_publishes_no_private_half() -> None:
    (key,) = json.loads(KEY.jwks())["keys"]
    assert sorted(key) == ["alg", "crv", "kid", "kty", "use", "x", "y"]
    assert key["kid"] == KEY.id
    assert KEY.jwks() == KEY.jwks()
    assert repr(KEY) == "SigningKey()"
