"""Every kind of change that there is, by its id."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from forecourt.contract.comparison.kind import Kind
from forecourt.contract.comparison.kinds import (
    audience,
    composition,
    lifecycle,
    limits,
    operations,
    parameters,
    properties,
    remarks,
    responses,
    security,
    structures,
    values,
)

# By the part of a contract, in the order in which the documentation has them.
SECTIONS: Mapping[str, tuple[Kind, ...]] = MappingProxyType(
    {
        "Operations and servers": operations.KINDS,
        "Deprecation": lifecycle.KINDS,
        "Security": security.KINDS,
        "Limits": limits.KINDS,
        "Parameters and bodies of requests": parameters.KINDS,
        "Answers": responses.KINDS,
        "Audiences": audience.KINDS,
        "Values": values.KINDS,
        "Properties": properties.KINDS,
        "Objects and lists": structures.KINDS,
        "Composition": composition.KINDS,
        "What is said of a value": remarks.KINDS,
    }
)

KINDS: tuple[Kind, ...] = tuple(kind for kinds in SECTIONS.values() for kind in kinds)

BY_ID: Mapping[str, Kind] = MappingProxyType({kind.id: kind for kind in KINDS})
