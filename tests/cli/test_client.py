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


def test_gives_a_client_another_secret_while_the_old_one_goes_on() -> None:
    first = added()
    id = first["client_id"]
    result = forecourt("client", "rotate", id, "--overlap", "7d")
    said = dict(line.split("=", 1) for line in result.stdout.splitlines())
    assert said["client_id"] == id
    assert is_secret(said["client_secret"])
    assert said["client_secret"] != first["client_secret"]
    assert "the old one goes on until" in result.stderr
    assert "two secrets" in forecourt("client", "list").stdout
    (listed,) = json.loads(forecourt("client", "list", "--format", "json").stdout)
    assert listed["old_secret_until"] > listed["added"]
    again = forecourt("client", "rotate", id)
    assert (again.exit_code, f"client revoke {id} --secret old" in again.stderr) == (2, True)
    ended = forecourt("client", "revoke", id, "--secret", "old")
    assert ended.stderr.strip() == f"withdrew the old secret of {id}; the new one goes on"
    assert forecourt("client", "revoke", id, "--secret", "old").exit_code == 2
    result = forecourt("client", "rotate", id, "--overlap", "0s")
    assert "the old one ended" in result.stderr
    assert "two secrets" not in forecourt("client", "list").stdout
    assert forecourt("audit").stdout.count("client.rotate") == 2


def test_a_client_whose_new_secret_leaked_goes_on_by_the_old_one_until_it_ends() -> None:
    id = added()["client_id"]
    forecourt("client", "rotate", id)
    (before,) = json.loads(forecourt("client", "list", "--format", "json").stdout)
    result = forecourt("client", "revoke", id, "--secret", "new")
    assert "the old one goes on until" in result.stderr
    assert "old secret" in forecourt("client", "list").stdout
    assert forecourt("client", "rotate", id, "--overlap", "90d").exit_code == 0
    (after,) = json.loads(forecourt("client", "list", "--format", "json").stdout)
    assert after["old_secret_until"] == before["old_secret_until"], "its overlap does not grow"


def test_says_that_nothing_proves_a_client_without_secrets() -> None:
    id = added()["client_id"]
    result = forecourt("client", "revoke", id, "--secret", "new")
    assert f"nothing proves it before `forecourt client rotate {id}`" in result.stderr
    assert forecourt("client", "rotate", id).exit_code == 0


def test_says_why_a_client_gets_no_other_secret(tmp_path: Path) -> None:
    result = forecourt("client", "rotate", "client_nobody")
    assert (result.exit_code, "no client is called so" in result.stderr) == (2, True)
    id = added()["client_id"]
    result = forecourt("client", "rotate", id, "--overlap", "91d")
    assert (result.exit_code, "at most 90d" in result.stderr) == (2, True)
    forecourt("client", "revoke", id)
    result = forecourt("client", "rotate", id)
    assert (result.exit_code, "was revoked" in result.stderr) == (2, True)
    public = ECKey.generate_key("P-256").as_pem(private=False)
    (tmp_path / "key.pem").write_bytes(public)
    result = forecourt("client", "rotate", added("--keys", "key.pem")["client_id"])
    assert (result.exit_code, "has keys of its own" in result.stderr) == (2, True)
    result = forecourt("client", "revoke", "client_nobody", "--secret", "old")
    assert (result.exit_code, "no client is called so" in result.stderr) == (2, True)


def test_a_test_client_is_told_from_a_live_one() -> None:
    result = forecourt("client", "add", *OF_ADA, "--test")
    assert "answered by the mock" in result.stderr
    assert "answered by the mock" not in forecourt("client", "add", *OF_ADA).stderr
    modes = [c["test"] for c in json.loads(forecourt("client", "list", "--format", "json").stdout)]
    assert sorted(modes) == [False, True]
    assert forecourt("client", "list").stdout.count("  test  ") == 1
    assert '"is_test": true' in forecourt("audit", "--format", "json").stdout


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
