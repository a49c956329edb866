"""Give a service a token for the internal listener, for places where the mesh does not reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from forecourt.actions.entropy import Entropy, new_id
from forecourt.actions.signing_key import SigningKey, epoch
from forecourt.compiler.envoy.jwt import internal_issuer
from forecourt.compiler.ir.callers import Callers

DEFAULT_LIFETIME = timedelta(minutes=10)
# A token cannot be withdrawn before it expires; an hour is how long a leaked one may be of use.
LONGEST_LIFETIME = timedelta(minutes=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenIssued:
    """The token, its id and scopes, and when it ends."""

    token: str
    id: str
    expires_at: datetime
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeclaredService:
    """The estate declares no service of that name."""

    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LifetimeOutOfRange:
    """It would not begin, or outlive what is allowed."""


def issue_token(
    service: str,
    *,
    callers: Callers,
    key: SigningKey,
    now: datetime,
    entropy: Entropy,
    lifetime: timedelta = DEFAULT_LIFETIME,
) -> TokenIssued | UndeclaredService | LifetimeOutOfRange:
    """A token that says which service calls. Issuer and audience are its SPIFFE trust domain."""
    if not timedelta(seconds=1) <= lifetime <= LONGEST_LIFETIME:
        return LifetimeOutOfRange()
    found = next((s for s in callers.services if s.name == service), None)
    if found is None:
        return UndeclaredService(known=tuple(s.name for s in callers.services))
    trust_domain = urlsplit(found.identity).netloc
    expires_at = now + lifetime
    id = new_id("tok", entropy)
    claims: dict[str, str | int] = {
        "iss": internal_issuer(trust_domain),
        "sub": found.name,
        "aud": trust_domain,
        "iat": epoch(now),
        "nbf": epoch(now),
        "exp": epoch(expires_at),
        "jti": id,
    }
    return TokenIssued(token=key.sign(claims), id=id, expires_at=expires_at)
