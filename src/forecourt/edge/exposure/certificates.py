"""Whether a chain outside takes callers for partners without knowing their certificates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from forecourt.edge.exposure.configuration import Chain, Json

# What the gate is told of a caller's certificate: by Envoy, of the one in the handshake, or (any
# other value) by whoever calls.
_TOLD, _BY_ENVOY, _BY_NOBODY = "forward_client_cert_details", "SANITIZE_SET", "SANITIZE"
# What certificates of services are checked against.
_MESH = "mesh"
_UNTRUSTED = "ACCEPT_UNTRUSTED"


def certificate_openings(chain: Chain, secrets: Mapping[str, Json]) -> Iterator[str]:
    """Why somebody could be taken for a partner. `secrets` are what certificates are checked
    against, by name."""
    told = str(chain.filter.get(_TOLD, _BY_NOBODY))
    if told not in {_BY_ENVOY, _BY_NOBODY}:
        yield "callers themselves say which certificate they have"
    if told == _BY_NOBODY:
        return
    if not chain.tls.get("require_client_certificate"):
        yield "certificates count there, and none is demanded"
    common = chain.tls.get("common_tls_context") or {}
    named = str((common.get("validation_context_sds_secret_config") or {}).get("name", ""))
    if named == _MESH:
        yield "certificates of services inside count there"
    checked = common.get("validation_context") or secrets.get(named) or {}
    is_by_hash = bool(checked.get("verify_certificate_hash"))
    is_by_authority = (
        "trusted_ca" in checked and checked.get("trust_chain_verification") != _UNTRUSTED
    )
    if not (is_by_hash or is_by_authority):
        yield "certificates count there, whoever made them"
