"""What Envoy does to a request before any filter sees it: nothing below reads it two ways."""

from __future__ import annotations

from forecourt.compiler.envoy import files
from forecourt.compiler.envoy.access_log import access_log
from forecourt.compiler.envoy.filters import http_filters
from forecourt.compiler.envoy.headers import CLIENT_CERTIFICATE_HEADER, INTERNAL_TOKEN_HEADER
from forecourt.compiler.envoy.problems import local_replies
from forecourt.compiler.envoy.spelling import Json, extension, from_snapshot
from forecourt.compiler.envoy.vantage import Vantage

# Only we may say these, or nobody: they make a request mean something else than it says.
_FORGEABLE = (
    "x-forwarded-host",
    "x-client-trace-id",
    "x-http-method-override",
    "x-http-method",
    "x-method-override",
    "x-original-url",
    "x-rewrite-url",
)

# What proves who calls at one listener means nothing at the other. An API key that was sent inside
# must not reach a service's log; `authorization` may: a service may have users of its own.
_OF_THE_MESH = (CLIENT_CERTIFICATE_HEADER, INTERNAL_TOKEN_HEADER)
_OF_STRANGERS = ("x-api-key",)


# How a path becomes the one that everybody below sees.
ONE_WAY_TO_READ: Json = {
    "normalize_path": True,
    "merge_slashes": True,
    "path_with_escaped_slashes_action": "REJECT_REQUEST",
    "strip_any_host_port": True,
}


def connection_manager(vantage: Vantage) -> Json:
    """The network filter that reads HTTP on one chain."""
    fields: Json = {
        "stat_prefix": vantage.listener,
        "rds": {
            "route_config_name": vantage.listener,
            "config_source": from_snapshot(files.routes(vantage.listener)),
        },
        "http_filters": http_filters(vantage),
        "access_log": access_log(vantage.listener),
        "local_reply_config": local_replies(),
        **ONE_WAY_TO_READ,
        # The caller's address is the connection's; loopback is nobody special.
        "use_remote_address": True,
        "skip_xff_append": False,
        "server_name": "forecourt",
        "always_set_request_id_in_response": True,
        "common_http_protocol_options": {
            "headers_with_underscores_action": "REJECT_REQUEST",
            "max_headers_count": 100,
            "idle_timeout": "3600s",
            # What is answered before it was sent has no other end; and longer than this nobody has
            # a place (`edge/lua/forecourt/places.lua`).
            "max_stream_duration": "175s",
        },
        "http2_protocol_options": {
            "max_concurrent_streams": 128,
            # No more than this comes in while the gate asks who calls (see `body_bound`).
            "initial_stream_window_size": 65_536,
            "initial_connection_window_size": 1_048_576,
        },
        "request_headers_timeout": "10s",
        "stream_idle_timeout": "60s",
        # A body that comes a byte at a time is held, where it is to be judged: not for ever.
        "request_timeout": "120s",
        "early_header_mutation_extensions": [_early_removal(vantage)],
        **_client_certificate(vantage),
    }
    return extension(
        "envoy.filters.network.http_connection_manager",
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        fields,
    )


def _early_removal(vantage: Vantage) -> Json:
    elsewhere = _OF_STRANGERS if vantage.is_mesh else _OF_THE_MESH
    return extension(
        "envoy.http.early_header_mutation.header_mutation",
        "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation",
        {
            "mutations": [
                {"remove_on_match": {"key_matcher": {"prefix": "forecourt-", "ignore_case": True}}},
                *({"remove": name} for name in (*_FORGEABLE, *elsewhere)),
            ]
        },
    )


def _client_certificate(vantage: Vantage) -> Json:
    """What is said of the client's certificate, in a field that only Envoy may write.

    Where mesh proxies are declared it appends to what they sent; the gate believes what stands
    before Envoy's own element only if that element names a declared proxy.
    """
    if not vantage.is_mesh and vantage.partner_host is None:
        return {}
    appends = vantage.is_mesh and bool(vantage.gateway.mesh_proxies)
    return {
        "forward_client_cert_details": "APPEND_FORWARD" if appends else "SANITIZE_SET",
        "set_current_client_cert_details": {"uri": True},
    }
