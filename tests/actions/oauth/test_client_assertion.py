"""What a client signs to prove who it is."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from forecourt.actions.oauth.client_assertion import (
    Assertion,
    NoAssertion,
    client_named,
    read_assertion,
)
from tests.actions.oauth.builders import NOW, URL

KEY = ECKey.generate_key("P-256", {"kid": "mine"})
AUDIENCES = frozenset({URL, f"{URL}/oauth/token"})


def keys_of(*keys: Any) -> str:
    return json.dumps({"keys": [key.as_dict(private=False) for key in keys]})


def claims(**changed: Any) -> dict[str, Any]:
    sound = {
        "iss": "client_one",
        "sub": "client_one",
        "aud": URL,
        "exp": int((NOW + timedelta(minutes=5)).timestamp()),
        "jti": "1",
    }
    return {name: value for name, value in {**sound, **changed}.items() if value is not None}


def signed(said: dict[str, Any], key: Any = KEY, algorithm: str = "ES256", **header: Any) -> str:
    return jwt.encode({"alg": algorithm, **header}, said, key, algorithms=[algorithm])


def read(text: str, keys: str | None = None) -> Assertion | NoAssertion:
    keys = keys_of(KEY) if keys is None else keys
    return read_assertion(text, client="client_one", keys=keys, audiences=AUDIENCES, now=NOW)


@pytest.mark.parametrize("audience", [URL, f"{URL}/oauth/token", [URL]])
def test_is_for_the_issuer_or_the_endpoint(audience: Any) -> None:
    found = read(signed(claims(aud=audience)))
    assert isinstance(found, Assertion)
    assert found.client == client_named(signed(claims())) == "client_one"


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (RSAKey.generate_key(2048), "RS256"),
        (RSAKey.generate_key(2048), "PS256"),
        (ECKey.generate_key("P-384"), "ES384"),
        (OKPKey.generate_key("Ed25519"), "EdDSA"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_may_be_signed_by(key: Any, algorithm: str) -> None:
    assert isinstance(read(signed(claims(), key, algorithm), keys_of(key)), Assertion)


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "client_two"},
        {"sub": "client_two"},
        {"iss": None},
        {"aud": "https://elsewhere.example"},
        {"aud": [URL, "https://elsewhere.example"]},
        {"aud": []},
        {"aud": None},
        {"aud": 7},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"exp": 1e300},
        {"exp": int((NOW - timedelta(minutes=1)).timestamp())},
        {"exp": int((NOW + timedelta(hours=2)).timestamp())},
        {"nbf": int((NOW + timedelta(minutes=1)).timestamp())},
        {"nbf": "later"},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 300},
        {"jti": 7},
    ],
    ids=str,
)
def test_proves_nothing_with(changed: dict[str, Any]) -> None:
    assert isinstance(read(signed(claims(**changed))), NoAssertion)


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _by_hmac(secret: bytes) -> str:
    text = f"{_part({'alg': 'HS256'})}.{_part(claims())}"
    made = hmac.digest(secret, text.encode(), "sha256")
    return f"{text}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b.c",
        "..",
        f"{_part({'alg': 'none'})}.{_part(claims())}.",
        signed(claims(), ECKey.generate_key("P-256")),
        _by_hmac(KEY.as_pem(private=False)),
        signed(claims(), ECKey.generate_key("P-256"), jwk=KEY.as_dict(private=False)),
        signed(claims()).rsplit(".", 1)[0] + ".",
    ],
    ids=[
        *("nothing", "no JWT", "empty parts", "algorithm none", "a stranger's key"),
        *("the public key as a secret", "a key that it brings", "no signature"),
    ],
)
def test_what_none_of_its_keys_signed_proves_nothing(text: str) -> None:
    assert isinstance(read(text), NoAssertion)


def test_the_same_id_of_two_clients_is_two() -> None:
    one = read(signed(claims()))
    two = read_assertion(
        signed(claims(iss="client_two", sub="client_two")),
        client="client_two",
        keys=keys_of(KEY),
        audiences=AUDIENCES,
        now=NOW,
    )
    assert isinstance(one, Assertion)
    assert isinstance(two, Assertion)
    assert one.digest != two.digest


@pytest.mark.parametrize("text", ["", "a.b", "a.!.c", f"a.{_part([])}.c", f"a.{_part({})}.c"])
def test_what_names_nobody_names_nobody(text: str) -> None:
    assert client_named(text) is None


def unsigned(payload: bytes) -> str:
    return f"e30.{base64.urlsafe_b64encode(payload).decode().rstrip('=')}.x"


@pytest.mark.parametrize(
    "payload",
    [b"[" * 40_000, b'{"a":' * 20_000, b'{"sub":"\\ud800"}', b'{"sub":"\xc3\xa9"}', b'{"sub":1}'],
    ids=["arrays", "objects", "half a character", "no id of ours", "a number"],
)
def test_nobody_is_named_by_what_cannot_be_read(payload: bytes) -> None:
    assert client_named(unsigned(payload)) is None


@pytest.mark.parametrize("changed", [{"aud": [{}]}, {"aud": [[URL]]}, {"jti": "\ud800"}])
def test_what_is_no_text_is_refused(changed: dict[str, Any]) -> None:
    text = jws.serialize_compact({"alg": "ES256"}, json.dumps(claims(**changed)), KEY)
    assert isinstance(read(text), NoAssertion)
