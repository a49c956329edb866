"""The listeners: addresses and certificates. They stay the same while APIs come and go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from forecourt.compiler.envoy.connection_manager import connection_manager
from forecourt.compiler.envoy.secrets import MESH, partner_secret, reference
from forecourt.compiler.envoy.spelling import Json, extension, response, socket_address, typed
from forecourt.compiler.envoy.vantage import Vantage
from forecourt.compiler.ir.callers import Partner
from forecourt.compiler.ir.edge import Listener


def listener_resources(external: Vantage, internal: Vantage, partners: Iterable[Partner]) -> Json:
    """Both listeners; a partner that brings certificates has a chain of its own on the external."""
    gateway = external.gateway
    certificate = gateway.external.certificate
    of_partners = [_partner_chain(external, p) for p in partners if p.host]
    chain = _chain(external, _tls(certificate))
    mesh_chain = _trusting(
        gateway.client_ca_sha256,
        _chain(internal, _tls(gateway.internal.certificate, authority=MESH)),
    )
    return response(
        _listener(gateway.external, [*of_partners, chain]),
        _listener(gateway.internal, [mesh_chain]),
    )


def _listener(listener: Listener, chains: list[Json]) -> Json:
    fields: Json = {
        "name": listener.name,
        "address": socket_address(listener.host, listener.port),
        "per_connection_buffer_limit_bytes": 32_768,
        "filter_chains": chains,
    }
    if len(chains) > 1:
        fields["listener_filters"] = [
            extension(
                "envoy.filters.listener.tls_inspector",
                "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector",
            )
        ]
    return typed("envoy.config.listener.v3.Listener", fields)


def _partner_chain(external: Vantage, partner: Partner) -> Json:
    tls = _tls(
        external.gateway.external.certificate,
        authority=partner_secret(partner),
        is_required=True,
    )
    chain = _chain(replace(external, partner_host=partner.host), tls)
    match: Json = {"filter_chain_match": {"server_names": [partner.host]}}
    return _trusting(partner.ca_sha256, {**match, **chain})


def _trusting(authority: str | None, chain: Json) -> Json:
    """The chain, another one where another authority is published. A replaced file alone is asked
    about by who connects from then on; whoever is connected would be trusted for as long as it is.
    """
    return chain if authority is None else {"name": f"trusts {authority[:16]}", **chain}


def _chain(vantage: Vantage, tls: Json) -> Json:
    return {"filters": [connection_manager(vantage)], "transport_socket": tls}


def _tls(certificate: str, authority: str | None = None, *, is_required: bool = False) -> Json:
    context: Json = {
        "tls_params": {"tls_minimum_protocol_version": "TLSv1_2"},
        "alpn_protocols": ["h2", "http/1.1"],
        "tls_certificate_sds_secret_configs": [reference(certificate)],
    }
    if authority:
        context["validation_context_sds_secret_config"] = reference(authority)
    return extension(
        "envoy.transport_sockets.tls",
        "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
        {"common_tls_context": context, "require_client_certificate": is_required},
    )
