"""A local certificate authority: chains that verify, keys that nobody else reads."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import (
    ClientVerifier,
    PolicyBuilder,
    Store,
    VerificationError,
)

from forecourt.edge.authority import KeyPair, LocalAuthority

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOSTS = ("api.acme.example", "localhost", "127.0.0.1", "::1")
ORDERS = "spiffe://acme.example/ns/shop/sa/orders"


@pytest.fixture
def authority(tmp_path: Path) -> LocalAuthority:
    authority = LocalAuthority(tmp_path / "authority", "servers")
    authority.ensure(NOW)
    return authority


@pytest.fixture
def pair(tmp_path: Path) -> KeyPair:
    return KeyPair(certificate=tmp_path / "tls" / "a.pem", key=tmp_path / "tls" / "a.key")


def read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def verify(authority: LocalAuthority, pair: KeyPair, host: str, at: datetime = NOW) -> None:
    """As a TLS client does (RFC 5280), for a host."""
    builder = PolicyBuilder().store(Store([read(authority.certificate)])).time(at)
    verifier = builder.build_server_verifier(x509.DNSName(host))
    verifier.verify(read(pair.certificate), [])


def test_a_server_certificate_verifies_for_its_hosts_only(
    authority: LocalAuthority, pair: KeyPair
) -> None:
    authority.server(pair, HOSTS, NOW)
    verify(authority, pair, "api.acme.example")
    with pytest.raises(VerificationError):
        verify(authority, pair, "other.example")


def test_it_names_addresses_as_addresses(authority: LocalAuthority, pair: KeyPair) -> None:
    authority.server(pair, HOSTS, NOW)
    names = read(pair.certificate).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert [str(a) for a in names.value.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]
    assert names.value.get_values_for_type(x509.DNSName) == ["api.acme.example", "localhost"]


def test_another_authority_vouches_for_nothing(
    authority: LocalAuthority, pair: KeyPair, tmp_path: Path
) -> None:
    authority.server(pair, HOSTS, NOW)
    other = LocalAuthority(tmp_path / "other", "servers")
    other.ensure(NOW)
    with pytest.raises(VerificationError):
        verify(other, pair, "api.acme.example")


def test_a_client_certificate_is_for_one_identity(authority: LocalAuthority, pair: KeyPair) -> None:
    authority.client(pair, ORDERS, NOW)
    names = read(pair.certificate).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert names.value.get_values_for_type(x509.UniformResourceIdentifier) == [ORDERS]
    usage = read(pair.certificate).extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert list(usage.value) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    verifier = PolicyBuilder().store(Store([read(authority.certificate)])).time(NOW)
    assert isinstance(verifier.build_client_verifier(), ClientVerifier)
    verifier.build_client_verifier().verify(read(pair.certificate), [])


def test_a_leaf_signs_nothing(authority: LocalAuthority, pair: KeyPair) -> None:
    authority.server(pair, HOSTS, NOW)
    constraints = read(pair.certificate).extensions.get_extension_for_class(x509.BasicConstraints)
    assert constraints.critical
    assert constraints.value.ca is False
    root = read(authority.certificate).extensions.get_extension_for_class(x509.BasicConstraints)
    assert (root.value.ca, root.value.path_length) == (True, 0)


def test_only_the_owner_reads_private_keys(authority: LocalAuthority, pair: KeyPair) -> None:
    authority.server(pair, HOSTS, NOW)
    keys = [pair.key, authority.certificate.with_suffix(".key")]
    assert [stat.S_IMODE(key.stat().st_mode) for key in keys] == [0o600, 0o600]
    assert [stat.S_IMODE(key.parent.stat().st_mode) for key in keys] == [0o700, 0o700]


def test_the_authority_stays_the_same(authority: LocalAuthority) -> None:
    before = authority.certificate.read_bytes()
    authority.ensure(NOW + timedelta(days=300))
    assert authority.certificate.read_bytes() == before


def test_what_is_good_stays(authority: LocalAuthority, pair: KeyPair) -> None:
    authority.server(pair, HOSTS, NOW)
    before = pair.certificate.read_bytes()
    authority.server(pair, HOSTS, NOW + timedelta(days=59))
    assert pair.certificate.read_bytes() == before


@pytest.mark.parametrize(
    ("hosts", "days"),
    [(HOSTS, 61), (HOSTS, 200), (("other.example",), 0)],
    ids=["a month before its end", "after its end", "for other hosts"],
)
def test_is_made_anew(
    authority: LocalAuthority, pair: KeyPair, hosts: tuple[str, ...], days: int
) -> None:
    authority.server(pair, HOSTS, NOW)
    later = NOW + timedelta(days=days)
    authority.server(pair, hosts, later)
    verify(authority, pair, hosts[0], later)


def test_is_made_anew_when_the_authority_is_another(
    authority: LocalAuthority, pair: KeyPair
) -> None:
    authority.server(pair, HOSTS, NOW)
    authority.certificate.unlink()
    authority.ensure(NOW)
    authority.server(pair, HOSTS, NOW)
    verify(authority, pair, "api.acme.example")


@pytest.mark.parametrize("rubbish", [b"", b"rubbish", b"-----BEGIN CERTIFICATE-----\nrubbish\n"])
def test_is_made_anew_where_it_cannot_be_read(
    authority: LocalAuthority, pair: KeyPair, rubbish: bytes
) -> None:
    authority.server(pair, HOSTS, NOW)
    pair.certificate.write_bytes(rubbish)
    authority.server(pair, HOSTS, NOW)
    verify(authority, pair, "api.acme.example")


def test_is_valid_a_little_earlier_since_clocks_differ(
    authority: LocalAuthority, pair: KeyPair
) -> None:
    authority.server(pair, HOSTS, NOW)
    verify(authority, pair, "api.acme.example", NOW - timedelta(minutes=30))


def test_a_key_goes_with_its_certificate(authority: LocalAuthority, pair: KeyPair) -> None:
    authority.server(pair, HOSTS, NOW)
    key = load_pem_private_key(pair.key.read_bytes(), None)
    assert key.public_key() == read(pair.certificate).public_key()
