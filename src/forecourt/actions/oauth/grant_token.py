"""Give a client that has proved itself an access token (RFC 6749, 4.4; RFC 8707)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from forecourt.actions.entropy import Entropy
from forecourt.actions.oauth.access_token import AccessToken, new_access_token
from forecourt.actions.oauth.client import Client
from forecourt.actions.oauth.resources import Resources

ErrorCode = Literal["invalid_scope", "invalid_target"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotGranted:
    """Why not, in the words of the specifications; `because` is for whoever wrote the client."""

    error: ErrorCode
    because: str


def grant_token(
    client: Client,
    *,
    scope: str | None,
    wanted: Sequence[str],
    resources: Resources,
    now: datetime,
    entropy: Entropy,
) -> AccessToken | NotGranted:
    """A token for what was asked: the scopes of `scope` (None: all that the client has), for the
    `wanted` resources (none: the whole gateway)."""
    scopes = client.scopes
    if scope is not None:
        asked = tuple(sorted({word for word in scope.split(" ") if word}))
        if client.scopes is None:
            return NotGranted(
                error="invalid_scope",
                because="this client has no scopes by name; leave `scope` out",
            )
        if not asked or not set(asked) <= set(client.scopes):
            return NotGranted(error="invalid_scope", because="the client does not have all of them")
        scopes = asked
    audience = []
    for resource in wanted or (resources.url,):
        known = resources.known(resource)
        if known is None:
            return NotGranted(error="invalid_target", because="there is no such resource here")
        audience.append(known)
    return new_access_token(
        issuer=resources.url,
        client=client.id,
        audience=tuple(sorted(set(audience))),
        scopes=scopes,
        is_test=client.is_test,
        now=now,
        entropy=entropy,
    )
