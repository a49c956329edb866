"""What a partner's contract names: APIs and versions, each with its place."""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Span
from forecourt.estate.consumers import Partner


def granted(partner: Partner) -> Iterator[tuple[str, Span]]:
    """Each API that the contract names, and where."""
    for api in partner.apis:
        yield api, partner.places[f"apis.{api}"]
    for api in dict.fromkeys(api for api, _ in partner.sunsets):
        yield api, partner.places[f"sunsets.{api}"]


def granted_versions(partner: Partner) -> Iterator[tuple[str, str, Span]]:
    """Each API and version that the contract names, and where."""
    for api, versions in partner.apis.items():
        for i, version in enumerate(versions or ()):
            yield api, version, partner.places[f"apis.{api}.allowed_versions.{i}"]
    for api, version in partner.sunsets:
        yield api, version, partner.places[f"sunsets.{api}.{version}"]
