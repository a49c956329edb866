"""Where the gateway itself answers, by listener: no API can have it, or what is below."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Of the authorization server (RFC 8414, 6749, 7009, 7662).
OAUTH_PATHS = (
    "/.well-known/oauth-authorization-server",
    "/oauth/introspect",
    "/oauth/jwks",
    "/oauth/revoke",
    "/oauth/token",
)
# For services with a client certificate.
INTERNAL_TOKEN_PATH = "/internal/token"

OWN_PATHS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"external": OAUTH_PATHS, "internal": (INTERNAL_TOKEN_PATH,)}
)

# What may follow such a path and make of it one below, or the same one to a server that drops
# parameters of a path.
BELOW = ("/", ";")


def own_path(listener: str, path: str) -> str | None:
    """The path of the gateway's own that one (without its query) is, or is below; None: an API may
    have it."""
    return next(
        (
            own
            for own in OWN_PATHS.get(listener, ())
            if path == own or path.startswith(tuple(f"{own}{sign}" for sign in BELOW))
        ),
        None,
    )
