"""Upstreams: where requests go."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address

from forecourt.compiler.envoy import files
from forecourt.compiler.envoy.spelling import Json, extension, pipe, response, socket_address, typed
from forecourt.compiler.ir.apis import Api, Upstream, mock_upstream

# One slow upstream may hold this much of the edge and no more.
_MOST = {"max_connections": 4096, "max_pending_requests": 4096, "max_requests": 16384}


def cluster_resources(apis: Iterable[Api], own: Iterable[Json] = ()) -> Json:
    """One cluster for each upstream address, and the mock's, which test keys need; by name. `own`
    are the gateway's."""
    mock = mock_upstream("")
    upstreams = {mock.key: mock} | {v.upstream.key: v.upstream for a in apis for v in a.versions}
    return response(*own, *(_cluster(upstreams[key]) for key in sorted(upstreams)))


def unix_cluster(name: str, path: str) -> Json:
    """A cluster behind a Unix socket of the state folder."""
    return {
        "name": name,
        "type": "STATIC",
        "connect_timeout": "0.25s",
        "load_assignment": _assignment(name, pipe(path)),
    }


def _cluster(upstream: Upstream) -> Json:
    fields: Json
    if upstream.mock:
        fields = unix_cluster(upstream.key, files.MOCK_SOCKET)
    else:
        address = socket_address(upstream.host, upstream.port)
        fields = {
            "name": upstream.key,
            "type": "STATIC" if _is_literal(upstream.host) else "STRICT_DNS",
            "connect_timeout": "2s",
            "load_assignment": _assignment(upstream.key, address),
        }
    fields["circuit_breakers"] = {"thresholds": [_MOST]}
    if upstream.tls:
        fields["transport_socket"] = _upstream_tls(upstream)
    return typed("envoy.config.cluster.v3.Cluster", fields)


def _upstream_tls(upstream: Upstream) -> Json:
    is_name = not _is_literal(upstream.host)
    san_type = "DNS" if is_name else "IP_ADDRESS"
    return extension(
        "envoy.transport_sockets.tls",
        "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
        {
            **({"sni": upstream.host} if is_name else {}),
            "common_tls_context": {
                "tls_params": {"tls_minimum_protocol_version": "TLSv1_2"},
                "validation_context": {
                    "trusted_ca": {"filename": files.ROOTS},
                    "match_typed_subject_alt_names": [
                        {"san_type": san_type, "matcher": {"exact": upstream.host}}
                    ],
                },
            },
        },
    )


def _assignment(name: str, address: Json) -> Json:
    return {
        "cluster_name": name,
        "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address}}]}],
    }


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
