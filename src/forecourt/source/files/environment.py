"""`forecourt.NAME.yaml`: what one environment lays over the rest, for editors.

It has no reader of its own: `source/environment.py` lays it over `forecourt.yaml` and each
`api.yaml`, whose readers then judge the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forecourt.source.environment import OVERRIDABLE
from forecourt.source.files.organization import ORGANIZATION
from forecourt.source.files.versions import UPSTREAM
from forecourt.source.vocabulary.names import NAME, VERSION_NAME
from forecourt.source.vocabulary.shape import Shape, layer_shape, mapping_shape

_UPSTREAMS = "Where each API runs in this environment, by the API's name."
_VERSIONS = "Where single versions run, by the version's name."


def environment_shape() -> Shape:
    """The keys of `forecourt.yaml` that may differ, and the upstreams of APIs."""
    of_organization: Mapping[str, Any] = layer_shape(ORGANIZATION.shape)["properties"]  # type: ignore[assignment]
    shared = {key: value for key, value in of_organization.items() if key in OVERRIDABLE}
    upstreams = {**mapping_shape(NAME.shape, _upstream()), "description": _UPSTREAMS}
    return {
        "type": "object",
        "properties": {**shared, "upstreams": upstreams},
        "additionalProperties": False,
    }


def _upstream() -> Shape:
    whole: Mapping[str, Any] = layer_shape(UPSTREAM.shape)
    versions = {**mapping_shape(VERSION_NAME.shape, whole), "description": _VERSIONS}
    return {**whole, "properties": {**whole["properties"], "versions": versions}}
