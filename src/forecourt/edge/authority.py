"""A local certificate authority, for those who bring no certificates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from forecourt.edge.replacing import replace_file

_AUTHORITY_DAYS = 3650
_LEAF_DAYS = 90
# A leaf is made anew when less than this is left of it.
_RENEW_DAYS = 30
# Clocks differ: what is made now is valid since an hour ago.
_BACKDATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """A certificate and its private key, as PEM files."""

    certificate: Path
    key: Path


class LocalAuthority:
    """Signs server and client certificates that this machine alone trusts.

    Keys are P-256; private ones are readable by their owner only.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._pair = KeyPair(certificate=folder / f"{name}.pem", key=folder / f"{name}.key")
        self._name = name

    @property
    def certificate(self) -> Path:
        """The authority's own certificate, for `--cacert`."""
        return self._pair.certificate

    def ensure(self, now: datetime) -> None:
        """Makes the authority unless it is there."""
        if self._pair.certificate.exists() and self._pair.key.exists():
            return
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Forecourt {self._name}")])
        certificate = (
            _builder(subject, subject, key.public_key(), now, _AUTHORITY_DAYS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(is_authority=True), critical=True)
            .sign(key, hashes.SHA256())
        )
        _write(self._pair, certificate, key)

    def server(self, pair: KeyPair, names: Iterable[str], now: datetime) -> None:
        """A certificate for these hosts and addresses, unless a good one is there."""
        general = tuple(_general_name(name) for name in names)
        self._leaf(pair, general, ExtendedKeyUsageOID.SERVER_AUTH, now)

    def client(self, pair: KeyPair, identity: str, now: datetime) -> None:
        """A client certificate for a SPIFFE identity, unless a good one is there."""
        general = (x509.UniformResourceIdentifier(identity),)
        self._leaf(pair, general, ExtendedKeyUsageOID.CLIENT_AUTH, now)

    def _leaf(
        self,
        pair: KeyPair,
        names: tuple[x509.GeneralName, ...],
        purpose: x509.ObjectIdentifier,
        now: datetime,
    ) -> None:
        issuer = x509.load_pem_x509_certificate(self._pair.certificate.read_bytes())
        if _is_good(pair, issuer, names, now):
            return
        signer = serialization.load_pem_private_key(self._pair.key.read_bytes(), None)
        assert isinstance(signer, ec.EllipticCurvePrivateKey)
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _builder(x509.Name([]), issuer.subject, key.public_key(), now, _LEAF_DAYS)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(is_authority=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(_signed_by(signer), critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=True)
            .sign(signer, hashes.SHA256())
        )
        _write(pair, certificate, key)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATE)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _signed_by(signer: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    """Strict clients refuse a certificate without it (RFC 5280, section 4.2.1.1)."""
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _is_good(
    pair: KeyPair,
    issuer: x509.Certificate,
    names: tuple[x509.GeneralName, ...],
    now: datetime,
) -> bool:
    if not (pair.certificate.exists() and pair.key.exists()):
        return False
    try:
        held = x509.load_pem_x509_certificate(pair.certificate.read_bytes())
        alternative = held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        held.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    lasts = held.not_valid_after_utc - now.astimezone(UTC)
    return list(alternative) == list(names) and lasts > timedelta(days=_RENEW_DAYS)


def _write(pair: KeyPair, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pair.key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_file(pair.key, pem)
    replace_file(pair.certificate, certificate.public_bytes(serialization.Encoding.PEM), 0o644)
