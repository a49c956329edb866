"""Tokens as a declared issuer would sign them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from forecourt.actions.issue_local_token import (
    Holder,
    UndeclaredIssuer,
    UnnamedClient,
    issue_local_token,
)
from forecourt.actions.issue_token import LifetimeOutOfRange, TokenIssued
from forecourt.actions.signing_key import SigningKey, generate_signing_key
from tests.actions.builders import NOW, an_issuer, chance, some_callers
from tests.actions.test_issue_token import verified

KEY = generate_signing_key()


def ask(issuer: str = "acme-id", **fields: Any) -> object:
    who: dict[str, Any] = {"client": "shop-app", "subject": "user-1"}
    who |= {name: fields.pop(name) for name in ("client", "subject", "scopes") if name in fields}
    given = {
        "holder": Holder(**who),
        "callers": some_callers(),
        "key_of": lambda _: KEY,
        "now": NOW,
        "entropy": chance(),
    }
    return issue_local_token(issuer, **(given | fields))


def claims(**fields: Any) -> dict[str, Any]:
    outcome = ask(**fields)
    assert isinstance(outcome, TokenIssued)
    return verified(outcome.token, KEY).claims


def test_says_what_the_issuer_would_say() -> None:
    said = claims()
    assert said.pop("jti").startswith("tok_")
    now = int(NOW.timestamp())
    assert said == {
        "iss": "https://id.acme.example/",
        "aud": "https://api.acme.example",
        "azp": "shop-app",
        "sub": "user-1",
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
    }


def test_names_no_person_unless_asked() -> None:
    assert "sub" not in claims(subject=None)


def test_grants_what_is_asked_for() -> None:
    assert claims(scopes=("read", "write"))["scope"] == "read write"
    assert "scope" not in claims()


def test_names_the_application_where_the_issuer_does() -> None:
    callers = some_callers(issuers=(an_issuer(consumer_claim="sub"),))
    assert claims(callers=callers)["sub"] == "shop-app"


def test_makes_no_key_for_an_issuer_that_is_not_declared() -> None:
    def refuse(name: str) -> SigningKey:
        raise AssertionError(name)

    assert ask("other", key_of=refuse) == UndeclaredIssuer(known=("acme-id",))


def test_refuses_a_token_for_nobody() -> None:
    assert ask(client="") == UnnamedClient()


def test_refuses_a_token_that_outlives_an_hour() -> None:
    assert ask(lifetime=timedelta(minutes=61)) == LifetimeOutOfRange()
