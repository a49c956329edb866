"""Real documents and public test suites that lie beside the checkout, where there are any."""

from __future__ import annotations

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def beside(name: str) -> Path:
    """A folder or file of that name; the test skips where it is absent."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    return path
