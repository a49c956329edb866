"""Envoy takes the certificates, keys and authorities that are good, and none that are not."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from forecourt.edge.binary import envoy_binary
from forecourt.edge.pem import (
    UnusablePem,
    demand_authorities,
    demand_certificate,
    demand_key,
    demand_pair,
    fingerprint,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def a_key_of(
    key: CertificateIssuerPrivateKeyTypes, encryption: KeySerializationEncryption | None = None
) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


def a_certificate_of(
    key: CertificateIssuerPrivateKeyTypes, encoding: Encoding = Encoding.PEM
) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a")])
    is_edwards = isinstance(key, ed25519.Ed25519PrivateKey)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=3650))
        .sign(key, None if is_edwards else hashes.SHA256())
        .public_bytes(encoding)
    )


P256, P384 = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP384R1())
K256 = ec.generate_private_key(ec.SECP256K1())
RSA, SHORT = (rsa.generate_private_key(65537, bits) for bits in (2048, 1024))
EDWARDS = ed25519.Ed25519PrivateKey.generate()
GOOD, GOOD_KEY = a_certificate_of(P256), a_key_of(P256)
ENCRYPTED = a_key_of(P256, BestAvailableEncryption(b"secret"))
CUT = GOOD[: len(GOOD) // 2]

PAIRS = {
    "P-256": (GOOD, GOOD_KEY, None),
    "P-384": (a_certificate_of(P384), a_key_of(P384), None),
    "Ed25519": (a_certificate_of(EDWARDS), a_key_of(EDWARDS), None),
    "RSA": (a_certificate_of(RSA), a_key_of(RSA), None),
    "with words before it": (b"my certificate\n" + GOOD, b"my key\n" + GOOD_KEY, None),
    "a chain": (GOOD + a_certificate_of(P384), GOOD_KEY, None),
    "a short RSA key": (
        a_certificate_of(SHORT),
        a_key_of(SHORT),
        "its RSA key has 1024 bits, and 2048 is the least",
    ),
    "another curve": (
        a_certificate_of(K256),
        a_key_of(K256),
        "its key is on secp256k1, and not on P-256, P-384 or P-521",
    ),
    "nothing": (b"", GOOD_KEY, "it holds no certificate in PEM"),
    "DER": (a_certificate_of(P256, Encoding.DER), GOOD_KEY, "it holds no certificate in PEM"),
    "half a certificate": (CUT, GOOD_KEY, "it holds no certificate in PEM"),
    "the key in place of the certificate": (GOOD_KEY, GOOD_KEY, "it holds no certificate in PEM"),
    "no key": (GOOD, b"junk", "it holds no private key in PEM"),
    "the certificate in place of the key": (GOOD, GOOD, "it holds no private key in PEM"),
    "a password": (GOOD, ENCRYPTED, "it asks for a password, and nobody is there to type one"),
    "another's key": (GOOD, a_key_of(P384), "it is the key of another certificate"),
}
AUTHORITIES = {
    "one": (GOOD, None),
    "two": (GOOD + a_certificate_of(RSA), None),
    "with words between": (GOOD + b"another:\n" + a_certificate_of(P384), None),
    "nothing": (b"", "it holds no certificate in PEM"),
    "junk": (b"junk\n", "it holds no certificate in PEM"),
    "a key": (GOOD_KEY, "it holds no certificate in PEM"),
}


def said_of_pair(certificate: bytes, key: bytes) -> str | None:
    try:
        demand_certificate(certificate)
        demand_key(key)
        demand_pair(certificate, key)
    except UnusablePem as error:
        return str(error)
    return None


@pytest.mark.parametrize("name", PAIRS)
def test_says_what_is_wrong_with_a_certificate_and_its_key(name: str) -> None:
    certificate, key, says = PAIRS[name]
    assert said_of_pair(certificate, key) == says


@pytest.mark.parametrize("name", AUTHORITIES)
def test_says_what_is_wrong_with_authorities(name: str) -> None:
    content, says = AUTHORITIES[name]
    if says is None:
        demand_authorities(content)
    else:
        with pytest.raises(UnusablePem, match=says):
            demand_authorities(content)


@pytest.mark.end_to_end
@pytest.mark.parametrize("name", PAIRS)
def test_envoy_agrees_about_a_certificate_and_its_key(name: str, tmp_path: Path) -> None:
    certificate, key, says = PAIRS[name]
    assert envoy_takes(tmp_path, certificate, key, GOOD) is (says is None)


@pytest.mark.end_to_end
@pytest.mark.parametrize("name", AUTHORITIES)
def test_envoy_agrees_about_authorities(name: str, tmp_path: Path) -> None:
    content, says = AUTHORITIES[name]
    assert envoy_takes(tmp_path, GOOD, GOOD_KEY, content) is (says is None)


def envoy_takes(folder: Path, certificate: bytes, key: bytes, authorities: bytes) -> bool:
    """Whether it would listen with these."""
    for name, content in (("a.pem", certificate), ("a.key", key), ("ca.pem", authorities)):
        (folder / name).write_bytes(content)
    shown = {"certificate_chain": {"filename": "a.pem"}, "private_key": {"filename": "a.key"}}
    context = {
        "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3."
        "DownstreamTlsContext",
        "common_tls_context": {
            "tls_certificates": [shown],
            "validation_context": {"trusted_ca": {"filename": "ca.pem"}},
        },
    }
    socket = {"name": "tls", "typed_config": context}
    proxy = {
        "@type": "type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo",
    }
    chain = {
        "filters": [{"name": "envoy.filters.network.echo", "typed_config": proxy}],
        "transport_socket": socket,
    }
    address = {"socket_address": {"address": "127.0.0.1", "port_value": 0}}
    listener = {"name": "a", "address": address, "filter_chains": [chain]}
    (folder / "envoy.json").write_text(json.dumps({"static_resources": {"listeners": [listener]}}))
    command = [str(envoy_binary()), "--mode", "validate", "-c", "envoy.json", "-l", "off"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


def test_a_certificate_has_the_fingerprint_of_its_first() -> None:
    first, second = (
        a_certificate_of(ec.generate_private_key(ec.SECP256R1())) for _ in ("leaf", "authority")
    )
    loaded = x509.load_pem_x509_certificate(first)
    assert fingerprint(first + second) == loaded.fingerprint(hashes.SHA256()).hex()
