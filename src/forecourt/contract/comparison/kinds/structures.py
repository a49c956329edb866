"""Changes of what an object or an array may hold."""

from __future__ import annotations

from forecourt.contract.comparison.kinds.facets import Facet, kinds_of, pair
from forecourt.contract.comparison.verdict import Effect, Verdict

_MUST_IGNORE = (
    Verdict.RISKY,
    "callers should pass over what they do not know; they were told that nothing else comes",
)
_EXTENDABLE = "leave objects of answers open (no `additionalProperties: false`)"

FACETS: tuple[Facet, ...] = (
    Facet(
        name="property-became-required",
        effect=Effect.NARROWS,
        summary="a property must be there",
        reverse="property-became-optional",
        remedy_in_request="keep it optional, with what it meant to leave it out as `default`",
    ),
    Facet(
        name="property-became-optional",
        effect=Effect.WIDENS,
        summary="a property may be missing",
        reverse="property-became-required",
        remedy_in_response="go on to answer it always, if with a default",
    ),
    Facet(
        name="other-properties-refused",
        effect=Effect.NARROWS,
        summary="no properties but the declared ones",
        reverse="other-properties-allowed",
    ),
    Facet(
        name="other-properties-allowed",
        effect=Effect.WIDENS,
        summary="properties beside the declared ones",
        reverse="other-properties-refused",
        response=_MUST_IGNORE,
        remedy_in_response=_EXTENDABLE,
    ),
    *pair(
        "min-properties-raised",
        "min-properties-lowered",
        "more properties must be there",
        "fewer properties need be there",
    ),
    *pair(
        "max-properties-lowered",
        "max-properties-raised",
        "fewer properties may be there",
        "more properties may be there",
    ),
    *pair(
        "pattern-property-added",
        "pattern-property-removed",
        "properties whose names match a pattern must fit a schema",
        "properties whose names match a pattern may hold anything",
    ),
    *pair(
        "property-names-added",
        "property-names-removed",
        "names of properties must fit a schema",
        "properties may have any name",
    ),
    *pair(
        "dependent-required-added",
        "dependent-required-removed",
        "a property must be there where another is",
        "a property need not be there where another is",
    ),
    *pair(
        "dependent-schema-added",
        "dependent-schema-removed",
        "a schema holds where a property is there",
        "a schema no longer holds where a property is there",
    ),
    *pair(
        "min-items-raised",
        "min-items-lowered",
        "a list must have more items",
        "a list may have fewer items",
    ),
    *pair(
        "max-items-lowered",
        "max-items-raised",
        "a list must have fewer items",
        "a list may have more items",
    ),
    *pair(
        "unique-items-demanded",
        "unique-items-released",
        "no item may come twice",
        "items may come twice",
    ),
    *pair(
        "contains-added",
        "contains-removed",
        "a list must hold an item that fits a schema",
        "a list need not hold an item that fits a schema",
    ),
    *pair(
        "min-contains-raised",
        "min-contains-lowered",
        "more items must fit a schema",
        "fewer items need fit a schema",
    ),
    *pair(
        "max-contains-lowered",
        "max-contains-raised",
        "fewer items may fit a schema",
        "more items may fit a schema",
    ),
    *pair(
        "unevaluated-refused",
        "unevaluated-allowed",
        "what no other schema speaks of is refused or must fit one",
        "what no other schema speaks of may be anything",
    ),
)

KINDS = tuple(kinds_of(FACETS))
