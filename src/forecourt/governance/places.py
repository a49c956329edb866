"""Where things stand that may be written in two ways."""

from __future__ import annotations

from forecourt.diagnostics import Span
from forecourt.estate.api import Api, Version


def contract_place(api: Api, version: Version) -> Span:
    """Where a version names its contract: an API without versions does so for itself."""
    return api.places[f"versions.{version.name}.contract" if version.name else "contract"]
