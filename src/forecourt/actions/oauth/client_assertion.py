"""A client proves who it is by a token that it signs itself (RFC 7523, `private_key_jwt`)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

# Public-key algorithms only: whoever can verify must not be able to sign.
ALGORITHMS = (
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
    *("PS256", "PS384", "PS512", "RS256", "RS384", "RS512"),
)
# How long one may count (client libraries make them for an hour), and how far two clocks may be
# apart. It counts once, so that a long one is no key.
LONGEST = timedelta(hours=1)
SKEW = timedelta(seconds=30)
_LONGEST_ID = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """One that its client signed. `digest` is its id for good: it counts once, until it ends."""

    client: str
    digest: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NoAssertion:
    """It proves nothing; why, for whoever wrote the client."""

    because: str


def client_named(text: str) -> str | None:
    """Whose it says it is, before anything is believed."""
    try:
        claims = json.loads(_payload(text))
    except (ValueError, RecursionError):  # also what is nested without an end
        return None
    subject = claims.get("sub") if isinstance(claims, dict) else None
    # Our ids are plain; half a surrogate pair is text that no database takes.
    return subject if isinstance(subject, str) and subject and subject.isascii() else None


def read_assertion(
    text: str, *, client: str, keys: str, audiences: Collection[str], now: datetime
) -> Assertion | NoAssertion:
    """What a client signed with one of its `keys` (a JWKS), for us and for now."""
    try:
        known = KeySet.import_key_set(json.loads(keys))
        claims = jwt.decode(text, known, algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError, KeyError, TypeError):
        return NoAssertion("none of the client's keys signed it")
    if because := _fault(claims, client, audiences, now):
        return NoAssertion(because)
    return Assertion(
        client=client,
        digest=sha256(f"{client} {claims['jti']}".encode()).hexdigest(),
        expires_at=datetime.fromtimestamp(claims["exp"], UTC) + SKEW,
    )


def _fault(
    claims: dict[str, Any], client: str, audiences: Collection[str], now: datetime
) -> str | None:
    if claims.get("iss") != client or claims.get("sub") != client:
        return "`iss` and `sub` are not the client"
    audience = claims.get("aud")
    named = [audience] if isinstance(audience, str) else audience
    # Every one of them: who else it is for could use it here.
    if not isinstance(named, list) or not named or any(a not in audiences for a in map(str, named)):
        return "`aud` is not this authorization server"
    expires, begins = _moment(claims.get("exp")), _moment(claims.get("nbf", 0))
    if expires is None or now.timestamp() >= expires + SKEW.total_seconds():
        return "it has expired, or does not say when it does"
    if expires > (now + LONGEST + SKEW).timestamp():
        return "it counts for longer than an hour"
    if begins is None or begins > (now + SKEW).timestamp():
        return "it does not count yet"
    id = claims.get("jti")
    if not isinstance(id, str) or not 0 < len(id) <= _LONGEST_ID or not _is_writable(id):
        return "it has no `jti`"
    return None


def _moment(value: object) -> float | None:
    """A NumericDate (RFC 7519, section 2) that a calendar has."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < 1e11 else None


def _is_writable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _payload(text: str) -> bytes:
    """The middle of a compact JWS. Raises `ValueError`."""
    parts = text.split(".")
    if len(parts) != 3:
        raise ValueError(text)
    return urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
