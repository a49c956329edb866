"""On one's own machine, give a client the token that a declared issuer would sign elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from forecourt.actions.entropy import Entropy, new_id
from forecourt.actions.issue_token import LONGEST_LIFETIME, LifetimeOutOfRange, TokenIssued
from forecourt.actions.signing_key import SigningKey, epoch
from forecourt.compiler.ir.callers import Callers


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeclaredIssuer:
    """The estate declares no issuer of that name."""

    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnnamedClient:
    """A token without a client stands for no application."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who gets a token: an application, the person it acts for if any, and what is granted."""

    client: str
    subject: str | None = None
    scopes: tuple[str, ...] = ()


def issue_local_token(
    issuer: str,
    *,
    holder: Holder,
    callers: Callers,
    key_of: Callable[[str], SigningKey],
    now: datetime,
    entropy: Entropy,
    lifetime: timedelta = LONGEST_LIFETIME,
) -> TokenIssued | UndeclaredIssuer | UnnamedClient | LifetimeOutOfRange:
    """A token as `issuer` would sign it.

    `key_of` gives the key that stands in for an issuer; it is asked for declared ones only.
    """
    if not timedelta(seconds=1) <= lifetime <= LONGEST_LIFETIME:
        return LifetimeOutOfRange()
    if not holder.client:
        return UnnamedClient()
    found = next((i for i in callers.issuers if i.name == issuer), None)
    if found is None:
        return UndeclaredIssuer(known=tuple(i.name for i in callers.issuers))
    expires_at = now + lifetime
    id = new_id("tok", entropy)
    claims: dict[str, str | int] = {
        "iss": found.issuer,
        "aud": found.token_audience,
        "iat": epoch(now),
        "nbf": epoch(now),
        "exp": epoch(expires_at),
        "jti": id,
    }
    if holder.subject is not None:
        claims["sub"] = holder.subject
    if holder.scopes:
        claims["scope"] = " ".join(holder.scopes)
    # Last: where the application is named by `sub`, the client is the subject.
    claims[found.consumer_claim] = holder.client
    token = key_of(found.name).sign(claims)
    return TokenIssued(token=token, id=id, expires_at=expires_at, scopes=holder.scopes)
