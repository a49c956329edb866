"""What the edge says about a caller, in three headers, as the value it stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import cast, get_args
from urllib.parse import unquote

from forecourt.actions.presented import (
    TAKEN_BY,
    AnyPresented,
    ListenerName,
    PresentedAccessToken,
    PresentedCertificate,
    PresentedIdentity,
    PresentedInternalToken,
    PresentedKey,
    PresentedToken,
)

KIND = b"forecourt-kind"
CREDENTIAL = b"forecourt-credential"
LISTENER = b"forecourt-listener"


class Misspoken(ValueError):
    """The edge asked in a way that no edge of ours asks; the message says what is wrong."""


def presented(headers: Mapping[bytes, bytes]) -> AnyPresented | None:
    """What was presented; None where that listener does not take credentials of that kind.

    Raises `Misspoken`.
    """
    kind = _text(headers, KIND)
    read = _KINDS.get(kind)
    if read is None:
        raise Misspoken(f"`{KIND.decode()}` is not one of {', '.join(_KINDS)}")
    listener = _text(headers, LISTENER)
    if listener not in get_args(ListenerName):
        raise Misspoken(f"`{LISTENER.decode()}` is not one of external, internal")
    credential = read(_text(headers, CREDENTIAL))
    taken = TAKEN_BY[cast("ListenerName", listener)]
    return credential if isinstance(credential, taken) else None


def _text(headers: Mapping[bytes, bytes], name: bytes) -> str:
    if name not in headers:
        raise Misspoken(f"`{name.decode()}` is missing")
    return headers[name].decode("latin-1")


def _token(text: str) -> PresentedToken:
    """`issuer subject scopes client`, percent-encoded; the scopes have spaces between them."""
    words = [unquote(word) for word in text.split(" ")]
    if len(words) != 4:
        raise Misspoken("a token is `issuer subject scopes client`, percent-encoded")
    issuer, subject, scopes, client = words
    listed = tuple(sorted(set(scopes.split(" ")) - {""}))
    return PresentedToken(issuer=issuer, client=client, subject=subject, scopes=listed)


def _access_token(text: str) -> PresentedAccessToken:
    """`id client scopes audience…`, percent-encoded; `*` for scopes: all that the client has."""
    words = text.split(" ")
    if len(words) < 4 or not all(words):
        raise Misspoken("an access token is `id client scopes audience…`, percent-encoded")
    id, client, scopes, *audience = words
    listed = tuple(sorted(set(unquote(scopes).split(" ")) - {""}))
    return PresentedAccessToken(
        id=unquote(id),
        client=unquote(client),
        audience=tuple(map(unquote, audience)),
        scopes=None if scopes == "*" else listed,
    )


def _certificate(text: str) -> PresentedCertificate:
    """`host sha256`."""
    host, space, sha256 = text.partition(" ")
    if not space:
        raise Misspoken("a certificate is `host sha256`")
    return PresentedCertificate(host=host, sha256=sha256)


_KINDS: Mapping[str, Callable[[str], AnyPresented]] = MappingProxyType(
    {
        "api_key": PresentedKey,
        "spiffe": PresentedIdentity,
        "token": _token,
        "access_token": _access_token,
        "internal_token": PresentedInternalToken,
        "certificate": _certificate,
    }
)
