"""What Envoy is started with; everything else it reads from the current snapshot."""

from __future__ import annotations

from forecourt.compiler.envoy import files
from forecourt.compiler.envoy.clusters import unix_cluster
from forecourt.compiler.envoy.spelling import Json, from_snapshot, pipe

CONTROL_CLUSTER = "forecourt-control"

# Each further statistic costs every request a little; these are the ones somebody reads.
_READ_STATISTICS = (
    "envoy.overload_actions.",
    "cluster_manager.",
    "listener_manager.",
    "overload.",
    "runtime.",
    "server.",
)
_READ_SUFFIXES = (
    ".downstream_cx_active",
    ".downstream_rq_active",
    ".downstream_rq_overload_close",
    ".membership_healthy",
    ".active_faults",  # by which Envoy bounds them (`pacing.py`)
    ".errors",
    ".denied",
    ".update_rejected",
    ".update_success",
    ".upstream_cx_connect_fail",
)

# A worker that does nothing for so long hangs. Envoy ends itself; the supervisor starts it again.
_HUNG = "5s"


def bootstrap() -> Json:
    """The bootstrap: an admin socket, the control plane's socket, and where the snapshot is."""
    return {
        "node": {"id": "forecourt-edge", "cluster": "forecourt"},
        "admin": {"address": pipe(files.ADMIN_SOCKET)},
        "dynamic_resources": {
            "lds_config": from_snapshot(files.LISTENERS),
            "cds_config": from_snapshot(files.CLUSTERS),
        },
        "static_resources": {"clusters": [unix_cluster(CONTROL_CLUSTER, files.CONTROL_SOCKET)]},
        "stats_config": {
            "stats_matcher": {
                "inclusion_list": {
                    "patterns": [
                        *({"prefix": p} for p in _READ_STATISTICS),
                        *({"suffix": s} for s in _READ_SUFFIXES),
                    ]
                }
            }
        },
        "overload_manager": _overload(),
        "watchdogs": {"worker_watchdog": {"kill_timeout": _HUNG}},
    }


def _overload() -> Json:
    return {
        "refresh_interval": "0.25s",
        "resource_monitors": [
            {
                "name": "envoy.resource_monitors.global_downstream_max_connections",
                "typed_config": {
                    "@type": "type.googleapis.com/envoy.extensions.resource_monitors."
                    "downstream_connections.v3.DownstreamConnectionsConfig",
                    "max_active_downstream_connections": 50_000,
                },
            }
        ],
    }
