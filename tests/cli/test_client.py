"""`forecourt client`, as a person would run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from joserfc.jwk import ECKey, OKPKey, RSAKey

from forecourt.actions.oauth.client import is_secret
from forecourt.store.signing_keys import SigningKeyFiles
from tests.cli.command import forecourt, told
from tests.cli.published import a_published_estate

OF_ADA = ("--developer", "ada", "--application", "shop")


@pytest.fixture(autouse=True)
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return a_published_estate(tmp_path, monkeypatch)


def added(*options: str) -> dict[str, str]:
    result = forecourt("client", "add", *OF_ADA, *options)
    assert result.exit_code == 0, told(result)
    return dict(line.split("=", 1) for line in result.stdout.splitlines())


def test_prints_a_client_and_its_secret_this_once(estate: Path) -> None:
    said = added()
    assert is_secret(said["client_secret"])
    (key,) = SigningKeyFiles(estate / ".forecourt").access_tokens()
    listed = forecourt("client", "list")
    assert said["client_id"] in listed.stdout
    assert said["client_secret"] not in listed.stdout
    database = (estate / ".forecourt" / "forecourt.db").read_bytes()
    assert said["client_secret"].encode() not in database
    added()
    assert SigningKeyFiles(estate / ".forecourt").access_tokens() == (key,), "one signs for all"


@pytest.mark.parametrize(
    "key",
    [RSAKey.generate_key(2048), ECKey.generate_key("P-256"), OKPKey.generate_key("Ed25519")],
    ids=["RSA", "EC", "Ed25519"],
)
def test_takes_keys_in_place_of_a_secret(tmp_path: Path, key: RSAKey | ECKey | OKPKey) -> None:
    (tmp_path / "key.pem").write_bytes(key.as_pem(private=False))
    (tmp_path / "keys.json").write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    for file in ("key.pem", "keys.json"):
        assert list(added("--keys", file)) == ["client_id"]
    assert forecourt("client", "list").stdout.count("  keys  ") == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"rubbish",
        b'{"keys": []}',
        b"-----BEGIN PUBLIC KEY-----\nrubbish\n",
        RSAKey.generate_key(1024).as_pem(private=False),
        ECKey.generate_key("P-256").as_pem(private=True),
        json.dumps({"keys": [RSAKey.generate_key(1024).as_dict(private=False)]}).encode(),
    ],
    ids=["nothing", "rubbish", "none", "no PEM", "short", "private", "short in a set"],
)
def test_takes_no_keys_that_prove_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "keys").write_bytes(content)
    result = forecourt("client", "add", *OF_ADA, "--keys", "keys")
    assert result.exit_code == 2
    assert "holds no public keys that can be used" in result.stderr
    assert "give a JWKS or a PEM file" in result.stderr


def test_withdraws_a_client_once() -> None:
    id = added()["client_id"]
    assert forecourt("client", "revoke", id).stderr.strip() == f"revoked {id}"
    assert "was revoked before" in forecourt("client", "revoke", id).stderr
    assert "revoked 2" in forecourt("client", "list").stdout
    result = forecourt("client", "revoke", "client_nobody")
    assert (result.exit_code, "no client is called so" in result.stderr) == (2, True)


def test_lists_clients_for_programs() -> None:
    said = added("--scope", "read", "--expires", "2099-01-01")
    listed = forecourt("client", "list", "--format", "json").stdout
    (client,) = json.loads(listed)
    assert (client["id"], client["called"]) == (said["client_id"], "developer:ada/shop")
    assert (client["scopes"], client["expires"]) == (["read"], "2099-01-01T00:00:00Z")
    assert (client["counts"], client["revoked"], client["proof"]) == (True, None, "secret")
    assert said["client_secret"] not in listed


def test_lists_the_clients_of_one_owner() -> None:
    id = added()["client_id"]
    partner = ("--partner", "acme-corp")
    assert forecourt("client", "add", *partner, "--application", "sync").exit_code == 0
    listed = forecourt("client", "list", "--developer", "ada").stdout
    assert (listed.count("client_"), id in listed) == (1, True)
    listed = forecourt("client", "list", *partner).stdout
    assert (listed.count("client_"), id in listed) == (1, False)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--application", "shop"), "nobody owns the application"),
        ((*OF_ADA, "--plan", "gold"), "the plan is `gold`"),
        ((*OF_ADA, "--scope", "a b"), "the scope is `a b`"),
        ((*OF_ADA, "--expires", "2020-01-01"), "which is past"),
        (("--partner", "nobody", "--application", "x"), "the partner is `nobody`"),
    ],
)
def test_says_what_is_wrong(options: tuple[str, ...], message: str) -> None:
    result = forecourt("client", "add", *options)
    assert (result.exit_code, message in result.stderr) == (2, True), told(result)


def test_says_what_to_do_where_there_are_none() -> None:
    assert "forecourt client add" in forecourt("client", "list").stderr
    result = forecourt("token", "rotate")
    assert (result.exit_code, "forecourt client add" in result.stderr) == (2, True)


def test_rotating_makes_a_key_and_is_recorded(estate: Path) -> None:
    added()
    result = forecourt("token", "rotate", "--because", "as every quarter")
    assert result.exit_code == 0, told(result)
    assert "token.rotate" in forecourt("audit").stdout
