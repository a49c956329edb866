"""What Envoy takes as the public keys of somebody who signs tokens."""

from __future__ import annotations

import json
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import import_key


class UnusableKeys(ValueError):
    """What an issuer publishes is no JSON Web Key Set; the message says why."""


def key_set(text: str | bytes) -> str:
    """A JWKS (RFC 7517, section 5) in one spelling, in whichever order its keys come. Raises
    `UnusableKeys`.

    Symmetric keys are refused: whoever can verify with one can sign with it.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnusableKeys(f"it is no JSON: {error}") from None
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise UnusableKeys("it has no list `keys`")
    if any(key.get("kty") == "oct" for key in keys):
        raise UnusableKeys("it holds a symmetric key")
    usable = [key for key in keys if _is_usable(key)]
    if not usable:
        raise UnusableKeys("it holds no public key that can verify a signature")
    usable.sort(key=_spelled)
    return _spelled({"keys": usable})


def _spelled(value: dict[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _is_usable(key: dict[str, Any]) -> bool:
    """Whether it is a whole RSA, EC or Ed25519 key: one bad key must not cost the listener."""
    match key:
        case {"use": use} if use != "sig":
            return False
        case {"kty": "RSA"} | {"kty": "OKP", "crv": "Ed25519"}:
            pass
        case {"kty": "EC", "crv": "P-256" | "P-384" | "P-521"}:
            pass
        case _:
            return False
    try:
        imported = import_key(key)
    except (JoseError, ValueError, TypeError, KeyError):
        return False
    return not imported.is_private
