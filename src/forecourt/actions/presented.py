"""What a caller brings to prove who it is, after the edge has verified what it can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

ListenerName = Literal["external", "internal"]


@dataclass(frozen=True, slots=True)
class PresentedKey:
    """An API key, as it came. It is a secret: it is not printed."""

    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PresentedIdentity:
    """A SPIFFE ID from a client certificate that the mesh authority signed."""

    spiffe_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedToken:
    """A verified token of a declared issuer: its client, the person if it names one, its scopes.

    `scopes` None: nobody said which; it is taken to have all that need no user.
    """

    issuer: str
    client: str
    subject: str
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedAccessToken:
    """A verified token of our own authorization server: its id, client, audience and scopes.

    `scopes` None: all that its client has.
    """

    id: str
    client: str
    audience: tuple[str, ...]
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class PresentedInternalToken:
    """A verified internal service token: the service it names."""

    service: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedCertificate:
    """A client certificate that was accepted at a partner's own host; `sha256` is hex."""

    host: str
    sha256: str


Presented = (
    PresentedKey
    | PresentedIdentity
    | PresentedToken
    | PresentedInternalToken
    | PresentedCertificate
)

# Of an access token, the store knows more than whose it is.
AnyPresented = Presented | PresentedAccessToken

# What each listener takes. The external one must not know how colleagues prove themselves, or a
# forged header would be worth trying; on the internal one a stranger's key would carry its owner's
# audience past the door that is made for it.
TAKEN_BY: Mapping[ListenerName, tuple[type[AnyPresented], ...]] = MappingProxyType(
    {
        "external": (PresentedKey, PresentedToken, PresentedAccessToken, PresentedCertificate),
        "internal": (PresentedIdentity, PresentedInternalToken),
    }
)
