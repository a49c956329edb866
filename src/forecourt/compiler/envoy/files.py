"""What stands in the state folder, by the names that Envoy and its companion share.

All are relative to the state folder, in which Envoy runs.
"""

from __future__ import annotations

LISTENERS = "listeners.json"
CLUSTERS = "clusters.json"
BOOTSTRAP = "bootstrap.json"

CONTROL_SOCKET = "run/control.sock"
MOCK_SOCKET = "run/mock.sock"
# What callers outside ask of the authorization server, and services of the issuer of their tokens.
OAUTH_SOCKET = "run/oauth.sock"
TOKEN_SOCKET = "run/token.sock"
ADMIN_SOCKET = "run/admin.sock"
NEWS = "run/news"
BUCKETS = "run/buckets"
BLOCKS = "run/blocks"
LUA = "lua"
# Compiled contracts by digest, for every snapshot that is kept.
CONTRACTS = "contracts"
ACCESS_LOG = "logs/access.log"

# The mesh's certificate authority, which signs the client certificates of services.
MESH_AUTHORITY = "tls/mesh-ca.pem"
# The public authorities of the machine, against which upstreams prove themselves.
ROOTS = "tls/roots.pem"


def secret(name: str) -> str:
    """The file with one secret: Envoy takes exactly one from each."""
    return f"secret-{name}.json"


def routes(listener: str) -> str:
    """The file with a listener's routes."""
    return f"routes-{listener}.json"


def certificate(name: str) -> tuple[str, str]:
    """The certificate chain and the private key that a listener shows."""
    return f"tls/{name}.pem", f"tls/{name}.key"


def partner_authority(partner: str) -> str:
    """The authority that signs one partner's client certificates."""
    return f"tls/partner-{partner}.pem"
