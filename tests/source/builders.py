"""Estates to read, and a way to read one value as a file's reader does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from forecourt.diagnostics import Span
from forecourt.source.tree import parse
from forecourt.source.vocabulary.reading import At, Kind

T = TypeVar("T")

ORGANIZATION = """
organization: Acme
listeners:
  external: {address: 0.0.0.0:8443, hosts: [api.acme.example]}
  internal: {address: 127.0.0.1:9443, trust_domain: acme.example}
"""


def read(kind: Kind[T], text: str, *, folder: str = "apis/payments") -> tuple[T | None, list[str]]:
    """What a kind makes of a YAML text that stands at the key `it`, and what it says."""
    node, mistakes = parse(text, "a.yaml")
    assert node is not None
    assert mistakes == ()
    at = At(label="it", folder=folder, origin=Span("a.yaml", 1, 1))
    value = kind.read(node, at)
    told = [d.message if d.help is None else f"{d.message} ({d.help})" for d in at.diagnostics]
    return value, told


def an_api(name: str, more: str = "", *, audience: str = "public") -> str:
    """An `api.yaml` with all that must be there."""
    return (
        f"name: {name}\naudience: {audience}\nowner: {{team: {name}}}\n"
        f"upstream: {{url: http://{name}.svc:8080}}\n{more}"
    )


def an_estate(files: Mapping[str, str | bytes]) -> dict[str, str | bytes]:
    """These files, beside a `forecourt.yaml` unless they have one."""
    return {"forecourt.yaml": ORGANIZATION, **files}
