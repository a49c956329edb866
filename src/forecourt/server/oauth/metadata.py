"""What clients are told of the authorization server (RFC 8414)."""

from __future__ import annotations

from forecourt.actions.oauth.client_assertion import ALGORITHMS
from forecourt.server.oauth.client_authentication import METHODS


def metadata(issuer: str) -> dict[str, object]:
    """The document. Which scopes there are is told to whoever has them, not to strangers."""
    said: dict[str, object] = {
        "issuer": issuer,
        "token_endpoint": f"{issuer}/oauth/token",
        "jwks_uri": f"{issuer}/oauth/jwks",
        "revocation_endpoint": f"{issuer}/oauth/revoke",
        "introspection_endpoint": f"{issuer}/oauth/introspect",
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
    }
    for endpoint in ("token", "revocation", "introspection"):
        said[f"{endpoint}_endpoint_auth_methods_supported"] = list(METHODS)
        said[f"{endpoint}_endpoint_auth_signing_alg_values_supported"] = list(ALGORITHMS)
    return said
