"""Keys that sign tokens here: ES256, named by their thumbprint (RFC 7638)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jwt
from joserfc.jwk import ECKey

ALGORITHM = "ES256"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key. Its text (PEM) never leaves the state folder."""

    key: ECKey = field(repr=False)

    @property
    def id(self) -> str:
        """The thumbprint: the same for the same key, whoever computes it."""
        return self.key.thumbprint()

    def sign(self, claims: Mapping[str, str | int | list[str]], *, type: str = "JWT") -> str:
        """A compact JWT (RFC 7519)."""
        header = {"alg": ALGORITHM, "typ": type, "kid": self.id}
        return jwt.encode(header, dict(claims), self.key, algorithms=[ALGORITHM])

    def jwks(self) -> str:
        """The public half as a JSON Web Key Set, the same text each time."""
        public = self.key.as_dict(private=False)
        entry = {name: public[name] for name in ("kty", "crv", "x", "y")}
        entry |= {"alg": ALGORITHM, "kid": self.id, "use": "sig"}
        return json.dumps({"keys": [entry]}, sort_keys=True, separators=(",", ":"))


def generate_signing_key() -> SigningKey:
    """A new one."""
    return SigningKey(ECKey.generate_key("P-256", private=True))


def signing_key_from_pem(text: bytes) -> SigningKey:
    """The key in a PEM file. Raises `ValueError` where there is none on the curve P-256."""
    try:
        key = load_pem_private_key(text, password=None)
    except (TypeError, UnsupportedAlgorithm) as error:  # it has a password, or is of a rare kind
        raise ValueError(str(error)) from error
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise ValueError("not a private key on the curve P-256")
    return SigningKey(ECKey.import_key(text))


def epoch(moment: datetime) -> int:
    """A NumericDate (RFC 7519, section 2), in whole seconds."""
    return int(moment.timestamp())
