"""The few shapes that all of Envoy's configuration is made of."""

from __future__ import annotations

from collections.abc import Mapping

Json = dict[str, object]

_TYPES = "type.googleapis.com/"


def typed(type_name: str, fields: Mapping[str, object] | None = None) -> Json:
    """A message with its type: `typed("envoy.extensions….v3.Router", {…})`."""
    return {"@type": f"{_TYPES}{type_name}", **(fields or {})}


def extension(name: str, type_name: str, fields: Mapping[str, object] | None = None) -> Json:
    """A named extension with its typed configuration."""
    return {"name": name, "typed_config": typed(type_name, fields)}


def from_snapshot(file: str) -> Json:
    """A configuration source that follows the `current` link to a file of the snapshot.

    Envoy runs in the state folder, so no path is absolute and the same estate gives the same bytes
    everywhere. It watches the folder that holds the link: one rename publishes.
    """
    return {
        "path_config_source": {
            "path": f"current/{file}",
            "watched_directory": {"path": "."},
        },
        "resource_api_version": "V3",
    }


def pipe(path: str) -> Json:
    """The address of a Unix socket."""
    return {"pipe": {"path": path}}


def socket_address(host: str, port: int) -> Json:
    """The address of a TCP socket."""
    return {"socket_address": {"address": host, "port_value": port}}


def response(*resources: Json) -> Json:
    """A file of resources as Envoy reads it (a DiscoveryResponse)."""
    return {"resources": list(resources)}
