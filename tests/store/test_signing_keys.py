"""Private keys in the state folder."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from forecourt.store.signing_keys import SigningKeyFiles, UnreadableSigningKey


def test_keeps_a_key_for_the_next_start(tmp_path: Path) -> None:
    first = SigningKeyFiles(tmp_path).internal()
    assert SigningKeyFiles(tmp_path).internal().id == first.id
    assert SigningKeyFiles(tmp_path).internal().jwks() == first.jwks()


def test_lets_nobody_else_read_it(tmp_path: Path) -> None:
    SigningKeyFiles(tmp_path).internal()
    file = tmp_path / "keys" / "internal-token.pem"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [p.name for p in file.parent.iterdir()] == [file.name]


def test_makes_one_key_where_two_processes_start_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: SigningKeyFiles(tmp_path).internal().id, range(8)))
    assert len(set(keys)) == 1


def test_has_a_key_of_its_own_for_each_issuer(tmp_path: Path) -> None:
    files = SigningKeyFiles(tmp_path)
    ids = {files.local_issuer(name).id for name in ("acme-id", "other", "../../x", "..", "a/b")}
    assert len(ids) == 5
    assert len(list((tmp_path / "local" / "issuers").iterdir())) == 5


def test_stands_in_for_issuers_only_where_everything_is_local(tmp_path: Path) -> None:
    assert not SigningKeyFiles(tmp_path).stands_in_for_issuers
    (tmp_path / "local").mkdir()
    assert SigningKeyFiles(tmp_path).stands_in_for_issuers


def _pem(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    encryption: KeySerializationEncryption | None = None,
) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        _pem(rsa.generate_private_key(public_exponent=65537, key_size=2048)),
        _pem(ec.generate_private_key(ec.SECP384R1())),
        _pem(ec.generate_private_key(ec.SECP256R1()), BestAvailableEncryption(b"secret")),
    ],
    ids=["an empty file", "a broken file", "an RSA key", "another curve", "a password"],
)
def test_says_which_file_holds_no_key(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "internal-token.pem").write_bytes(content)
    with pytest.raises(UnreadableSigningKey) as caught:
        SigningKeyFiles(tmp_path).internal()
    assert caught.value.path == tmp_path / "keys" / "internal-token.pem"
