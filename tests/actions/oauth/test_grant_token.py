"""What a client is given of what it asks for."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.actions.oauth.access_token import AccessToken, access_token, signed
from forecourt.actions.oauth.grant_token import NotGranted, grant_token
from forecourt.actions.oauth.resources import Resources
from forecourt.actions.signing_key import generate_signing_key
from tests.actions.builders import chance
from tests.actions.oauth.builders import NOW, RESOURCES, URL, a_client, a_key


def granted(
    scope: str | None = None, *wanted: str, resources: Resources = RESOURCES, **client: Any
) -> AccessToken | NotGranted:
    return grant_token(
        a_client(**client).client,
        scope=scope,
        wanted=wanted,
        resources=resources,
        now=NOW,
        entropy=chance(),
    )


def token(scope: str | None = None, *wanted: str, **client: Any) -> AccessToken:
    found = granted(scope, *wanted, **client)
    assert isinstance(found, AccessToken)
    return found


def test_gives_all_scopes_where_none_is_asked_for() -> None:
    assert token(scopes=("read", "write")).scopes == ("read", "write")
    assert token().scopes is None


@pytest.mark.parametrize("scope", ["write read", "read  write", " read write "])
def test_gives_the_scopes_that_are_asked_for(scope: str) -> None:
    assert token(scope, scopes=("admin", "read", "write")).scopes == ("read", "write")


@pytest.mark.parametrize("scope", ["admin", "read admin", "READ", " ", "*"])
def test_gives_no_others(scope: str) -> None:
    assert isinstance(granted(scope, scopes=("read",)), NotGranted)
    assert isinstance(granted(scope), NotGranted)


def test_is_for_the_gateway_unless_something_is_named() -> None:
    assert token().audience == (URL,)
    named = token(None, f"{URL}/lamps/", f"{URL}/bulbs", f"{URL}/lamps")
    assert named.audience == (f"{URL}/bulbs", f"{URL}/lamps")


@pytest.mark.parametrize(
    "resource",
    ["https://elsewhere.example", f"{URL}/nothing", f"{URL}/lamps#x", f"{URL}/lamps?x", "lamps"],
)
def test_is_for_nothing_that_is_not_here(resource: str) -> None:
    found = granted(None, f"{URL}/lamps", resource)
    assert isinstance(found, NotGranted)
    assert found.error == "invalid_target"


def test_nothing_is_given_before_it_is_known_where_we_are() -> None:
    assert isinstance(granted(resources=Resources()), NotGranted)


def test_a_token_is_read_back_as_it_was_made_and_only_by_its_keys() -> None:
    key, made = a_key(), token("read", scopes=("read",))
    text = signed(made, key.key)
    assert access_token(text, keys=[a_key(1), key], issuer=URL, now=NOW) == made
    assert access_token(text, keys=[a_key(1)], issuer=URL, now=NOW) is None
    assert access_token(text, keys=[], issuer=URL, now=NOW) is None
    assert access_token(text, keys=[key], issuer="https://elsewhere.example", now=NOW) is None
    assert access_token(text, keys=[key], issuer=URL, now=made.expires_at) is None
    assert access_token("rubbish", keys=[key], issuer=URL, now=NOW) is None


def test_what_the_same_key_signed_for_something_else_is_no_access_token() -> None:
    key = a_key()
    claims = {"iss": URL, "sub": "client_one", "client_id": "client_one", "aud": URL}
    other = key.key.sign({**claims, "iat": 1, "exp": 4_000_000_000, "jti": "tok_1"})
    assert access_token(other, keys=[key], issuer=URL, now=NOW) is None
    assert generate_signing_key().id != key.key.id
