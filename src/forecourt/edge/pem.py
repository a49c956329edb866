"""What Envoy takes as a certificate, as a private key, and as authorities to trust."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

_LEAST_RSA_BITS = 2048
_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)


class UnusablePem(ValueError):
    """Envoy would not take it; the message says why."""


def demand_authorities(content: bytes) -> None:
    """Certificates in PEM, one or several. Raises `UnusablePem`."""
    certificates(content)


def demand_certificate(content: bytes) -> None:
    """A certificate in PEM, and those that lead from it to an authority. Raises `UnusablePem`."""
    first = certificates(content)[0]
    try:
        key = first.public_key()
    except (UnsupportedAlgorithm, ValueError):
        raise UnusablePem("its key is of a kind that nobody here knows") from None
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < _LEAST_RSA_BITS:
        raise UnusablePem(
            f"its RSA key has {key.key_size} bits, and {_LEAST_RSA_BITS} is the least"
        )
    if isinstance(key, ec.EllipticCurvePublicKey) and not isinstance(key.curve, _CURVES):
        raise UnusablePem(f"its key is on {key.curve.name}, and not on P-256, P-384 or P-521")


def fingerprint(content: bytes) -> str:
    """The SHA-256 of the first certificate (hex in small letters). Raises `UnusablePem`."""
    return certificates(content)[0].fingerprint(hashes.SHA256()).hex()


def demand_key(content: bytes) -> None:
    """A private key in PEM that asks for no password. Raises `UnusablePem`."""
    try:
        load_pem_private_key(content, password=None)
    except TypeError:
        raise UnusablePem("it asks for a password, and nobody is there to type one") from None
    except (UnsupportedAlgorithm, ValueError):
        raise UnusablePem("it holds no private key in PEM") from None


def demand_pair(certificate: bytes, key: bytes) -> None:
    """The key is that of the certificate; both were demanded. Raises `UnusablePem`."""
    of_certificate = certificates(certificate)[0].public_key()
    if load_pem_private_key(key, password=None).public_key() != of_certificate:
        raise UnusablePem("it is the key of another certificate")


def certificates(content: bytes) -> list[x509.Certificate]:
    """Those of a file, one at least. Raises `UnusablePem`."""
    try:
        return x509.load_pem_x509_certificates(content)
    except ValueError:
        raise UnusablePem("it holds no certificate in PEM") from None
