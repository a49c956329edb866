"""Asks the real Envoy whether it would take a snapshot."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from forecourt.edge.binary import envoy_binary

_SECONDS = 30


class SnapshotRefused(Exception):
    """Envoy does not take the snapshot; `because` is what it said."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because


def validate(files: Mapping[str, bytes], state: Path) -> None:
    """Runs `envoy --mode validate` over a snapshot as static configuration.

    `--mode validate` reads no file that the configuration only watches, so listeners, clusters,
    secrets and routes are put where it looks. Certificates and Lua are those of the state folder.
    Raises `SnapshotRefused`.
    """
    merged = _static(files)
    with tempfile.TemporaryDirectory(prefix="forecourt-validate-") as folder:
        config = Path(folder) / "envoy.json"
        config.write_bytes(msgspec.json.encode(merged))
        command = [str(envoy_binary()), "--mode", "validate", "-c", str(config), "-l", "error"]
        try:
            done = subprocess.run(
                command, cwd=state, capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise SnapshotRefused(f"it did not answer within {_SECONDS} s") from None
    if done.returncode != 0:
        raise SnapshotRefused((done.stderr or done.stdout).strip())


def _static(files: Mapping[str, bytes]) -> dict[str, object]:
    def resources(name: str) -> list[dict[str, object]]:
        held: dict[str, list[dict[str, object]]] = msgspec.json.decode(files[name])
        return [_untyped(resource) for resource in held["resources"]]

    bootstrap: dict[str, dict[str, list[object]]] = msgspec.json.decode(files["bootstrap.json"])
    routes = {
        str(route["name"]): route
        for name in files
        if name.startswith("routes-")
        for route in resources(name)
    }
    listeners = resources("listeners.json")
    for listener in listeners:
        _inline_routes(listener, routes)
        _inline_secret_sources(listener)
    static = bootstrap["static_resources"]
    return {
        "node": bootstrap["node"],
        "static_resources": {
            "listeners": listeners,
            "clusters": [*static["clusters"], *resources("clusters.json")],
            "secrets": [
                secret for name in files if name.startswith("secret-") for secret in resources(name)
            ],
        },
    }


def _untyped(resource: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in resource.items() if key != "@type"}


def _inline_routes(node: object, routes: Mapping[str, object]) -> None:
    for found in _mappings(node):
        if isinstance(rds := found.get("rds"), dict):
            del found["rds"]
            found["route_config"] = routes[rds["route_config_name"]]


def _inline_secret_sources(node: object) -> None:
    for found in _mappings(node):
        found.pop("sds_config", None)


def _mappings(node: object) -> Iterator[dict[str, object]]:
    if isinstance(node, dict):
        yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in list(children):
        yield from _mappings(child)
