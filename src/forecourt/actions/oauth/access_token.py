"""Access tokens as JWTs (RFC 9068): made, and read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from forecourt.actions.entropy import Entropy, new_id
from forecourt.actions.oauth.token_keys import TokenKey
from forecourt.actions.signing_key import ALGORITHM, SigningKey, epoch

# A leaked one is of use for so long, where nobody revokes it.
LIFETIME = timedelta(minutes=10)
TYPE = "at+jwt"
# A claim of a test client's tokens, so that who verifies one by itself does not take it for a live
# one.
MODE, TEST = "forecourt_mode", "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """What a token says. `scopes` None: every scope of its client that needs no user. `is_test`:
    its client is for tests."""

    id: str
    issuer: str
    client: str
    audience: tuple[str, ...]
    scopes: tuple[str, ...] | None
    issued_at: datetime
    expires_at: datetime
    is_test: bool = False


def new_access_token(
    *,
    issuer: str,
    client: str,
    audience: tuple[str, ...],
    scopes: tuple[str, ...] | None,
    is_test: bool = False,
    now: datetime,
    entropy: Entropy,
) -> AccessToken:
    """A token of the usual lifetime."""
    at = datetime.fromtimestamp(epoch(now), UTC)
    return AccessToken(
        id=new_id("tok", entropy),
        issuer=issuer,
        client=client,
        audience=audience,
        scopes=scopes,
        issued_at=at,
        expires_at=at + LIFETIME,
        is_test=is_test,
    )


def signed(token: AccessToken, key: SigningKey) -> str:
    """The token as its client presents it. A client that acts for nobody is its own subject."""
    claims: dict[str, str | int | list[str]] = {
        "iss": token.issuer,
        "sub": token.client,
        "client_id": token.client,
        "aud": token.audience[0] if len(token.audience) == 1 else list(token.audience),
        "iat": epoch(token.issued_at),
        "exp": epoch(token.expires_at),
        "jti": token.id,
    }
    if token.scopes is not None:
        claims["scope"] = " ".join(token.scopes)
    if token.is_test:
        claims[MODE] = TEST
    return key.sign(claims, type=TYPE)


def access_token(
    text: str, *, keys: Sequence[TokenKey], issuer: str, now: datetime
) -> AccessToken | None:
    """The token of a text; None for one that we did not sign, and for one that has ended."""
    if not keys:
        return None
    try:
        known = KeySet([k.key.key for k in keys])
        read = jwt.decode(text, known, algorithms=[ALGORITHM])
        claims = read.claims
        if read.header.get("typ") != TYPE or claims["iss"] != issuer:
            return None
        audience, scope = claims["aud"], claims.get("scope")
        found = AccessToken(
            id=claims["jti"],
            issuer=issuer,
            client=claims["client_id"],
            audience=(audience,) if isinstance(audience, str) else tuple(audience),
            scopes=None if scope is None else tuple(scope.split()),
            issued_at=datetime.fromtimestamp(claims["iat"], UTC),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
            is_test=claims.get(MODE) == TEST,
        )
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return found if now < found.expires_at else None
