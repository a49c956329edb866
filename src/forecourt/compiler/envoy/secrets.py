"""Certificates and authorities, by file name: no key rides in a snapshot."""

from __future__ import annotations

from collections.abc import Mapping

from forecourt.compiler.envoy import files
from forecourt.compiler.envoy.spelling import Json, from_snapshot, response, typed
from forecourt.compiler.ir.callers import Partner
from forecourt.compiler.ir.edge import Gateway

MESH = "mesh"

# A replaced file is picked up without a new listener, so no connection is dropped.
_WATCHED: Json = {"path": "tls"}


def secret_resources(gateway: Gateway, partners: tuple[Partner, ...]) -> Mapping[str, Json]:
    """Every secret that a listener refers to, by the file it stands in."""
    names = sorted({gateway.external.certificate, gateway.internal.certificate})
    # No names are matched here: with them Envoy demands a certificate of everybody, also of those
    # who bring a service token. Whom a certificate is for is the gate's question, and only a
    # declared identity, which lies in the trust domain, is anybody.
    mesh: Json = {
        "trusted_ca": {"filename": files.MESH_AUTHORITY},
        "watched_directory": _WATCHED,
    }
    return {
        **{files.secret(name): response(_certificate(name)) for name in names},
        files.secret(MESH): response(_authority(MESH, mesh)),
        **{
            files.secret(partner_secret(p)): response(
                _authority(partner_secret(p), _partner_trust(p))
            )
            for p in partners
            if p.host
        },
    }


def partner_secret(partner: Partner) -> str:
    """The name of what a partner's client certificates are checked against."""
    return f"partner-{partner.name}"


def reference(name: str) -> Json:
    """How a listener refers to a secret."""
    return {"name": name, "sds_config": from_snapshot(files.secret(name))}


def _certificate(name: str) -> Json:
    chain, key = files.certificate(name)
    return typed(
        "envoy.extensions.transport_sockets.tls.v3.Secret",
        {
            "name": name,
            "tls_certificate": {
                "certificate_chain": {"filename": chain},
                "private_key": {"filename": key},
                "watched_directory": _WATCHED,
            },
        },
    )


def _authority(name: str, context: Json) -> Json:
    return typed(
        "envoy.extensions.transport_sockets.tls.v3.Secret",
        {"name": name, "validation_context": context},
    )


def _partner_trust(partner: Partner) -> Json:
    context: Json = {}
    if partner.sha256:
        context["verify_certificate_hash"] = list(partner.sha256)
    if partner.ca:
        context["trusted_ca"] = {"filename": files.partner_authority(partner.name)}
        context["watched_directory"] = _WATCHED
    return context
