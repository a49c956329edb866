"""What Envoy does where much is held at once: it takes no more, and lets go of what is slow and
large, before the machine runs out of memory and ends the process."""

from __future__ import annotations

import json
from typing import Any

# An Envoy that serves nobody has 10 MB. With much less than this it might refuse everybody.
LEAST_HEAP = 96 << 20

_HEAP = "envoy.resource_monitors.fixed_heap"

# A stream that holds less than 2^14 bytes is never ended for what it holds.
_TRACKED = 14


def overload(bound: int) -> str:
    """Envoy's configuration of it, to be laid over the snapshot's: `--config-yaml`.

    `bound`: bytes that its heap may take. Shares of it, and what they mean, are documented in
    docs/guides/production.md. What connects over HTTP/1 is not tracked by Envoy 1.40, so that what
    is large there ends by time, or when it sends more.
    """
    return json.dumps(
        {
            "overload_manager": {
                "refresh_interval": "0.1s",
                "resource_monitors": [_heap(bound)],
                "buffer_factory_config": {"minimum_account_to_track_power_of_two": _TRACKED},
                "actions": [
                    _action("shrink_heap", _above(0.6)),
                    _action("reduce_timeouts", _between(0.6, 0.8)) | _SOONER,
                    _action("disable_http_keepalive", _above(0.8)),
                    _action("reset_high_memory_stream", _between(0.8, 0.95)),
                    _action("stop_accepting_requests", _above(0.95)),
                    _action("reject_incoming_connections", _above(0.98)),
                ],
                "loadshed_points": [
                    {
                        "name": "envoy.load_shed_points.http1_server_abort_dispatch",
                        "triggers": [_between(0.8, 0.95)],
                    }
                ],
            }
        }
    )


# How long nothing may come of a request, or on a connection without one, where it is tightest.
_SOONER = {
    "typed_config": {
        "@type": "type.googleapis.com/envoy.config.overload.v3.ScaleTimersOverloadActionConfig",
        "timer_scale_factors": [
            {"timer": "HTTP_DOWNSTREAM_STREAM_IDLE", "min_timeout": "3s"},
            {"timer": "HTTP_DOWNSTREAM_CONNECTION_IDLE", "min_timeout": "1s"},
        ],
    }
}


def _heap(bound: int) -> Any:
    return {
        "name": _HEAP,
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.resource_monitors.fixed_heap.v3"
            ".FixedHeapConfig",
            "max_heap_size_bytes": bound,
        },
    }


def _action(name: str, trigger: Any) -> dict[str, Any]:
    return {"name": f"envoy.overload_actions.{name}", "triggers": [trigger]}


def _above(share: float) -> Any:
    return {"name": _HEAP, "threshold": {"value": share}}


def _between(least: float, most: float) -> Any:
    """Not at all below the first share, always above the second, and so often in between."""
    return {
        "name": _HEAP,
        "scaled": {"scaling_threshold": least, "saturation_threshold": most},
    }
