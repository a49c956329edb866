"""Changes of what a plain value may be: its type, its choices, its bounds."""

from __future__ import annotations

from forecourt.contract.comparison.kinds.facets import Facet, kinds_of, pair
from forecourt.contract.comparison.verdict import Effect, Verdict

_OPEN = (
    "write the values as `x-extensible-enum` from the beginning, or map new ones for old versions"
)
_UNDECIDED = "whether a value that fitted still does, no one can say of two patterns"


FACETS: tuple[Facet, ...] = (
    *pair("type-narrowed", "type-widened", "fewer types than before", "more types than before"),
    Facet(
        name="type-changed",
        effect=Effect.BOTH,
        summary="another type",
        reverse="type-changed",
    ),
    *pair("null-refused", "null-allowed", "null is no value any more", "null is a value now"),
    *pair("value-refused", "value-allowed", "no value fits any more", "values fit where none did"),
    *pair("enum-added", "enum-removed", "only listed values", "not only listed values any more"),
    Facet(
        name="enum-value-removed",
        effect=Effect.NARROWS,
        summary="a listed value is gone",
        reverse="enum-value-added",
    ),
    Facet(
        name="enum-value-added",
        effect=Effect.WIDENS,
        summary="one more listed value",
        reverse="enum-value-removed",
        remedy_in_response=_OPEN,
    ),
    Facet(
        name="extensible-value-removed",
        effect=Effect.NARROWS,
        summary="a value that `x-extensible-enum` names is gone",
        reverse="extensible-value-added",
    ),
    Facet(
        name="extensible-value-added",
        effect=Effect.NONE,
        summary="`x-extensible-enum` names one more value",
        reverse="extensible-value-removed",
        response=(Verdict.SAFE, "callers were told to expect values that are not listed"),
    ),
    *pair(
        "minimum-raised",
        "minimum-lowered",
        "a higher lower bound, or a first one",
        "a lower lower bound, or none",
    ),
    *pair(
        "maximum-lowered",
        "maximum-raised",
        "a lower upper bound, or a first one",
        "a higher upper bound, or none",
    ),
    *pair(
        "multiple-of-narrowed",
        "multiple-of-widened",
        "multiples of a larger step",
        "multiples of a smaller step, or any number",
    ),
    Facet(
        name="multiple-of-changed",
        effect=Effect.BOTH,
        summary="multiples of another step",
        reverse="multiple-of-changed",
    ),
    *pair(
        "min-length-raised", "min-length-lowered", "texts must be longer", "texts may be shorter"
    ),
    *pair(
        "max-length-lowered", "max-length-raised", "texts must be shorter", "texts may be longer"
    ),
    *pair(
        "pattern-added",
        "pattern-removed",
        "texts must match a pattern",
        "texts need match no pattern",
    ),
    Facet(
        name="pattern-changed",
        effect=Effect.BOTH,
        summary="texts must match another pattern",
        reverse="pattern-changed",
        request=(Verdict.RISKY, _UNDECIDED),
        response=(Verdict.RISKY, _UNDECIDED),
        remedy_in_request="see that everything the old pattern takes is taken by the new one",
        remedy_in_response="see that everything the new pattern takes is taken by the old one",
    ),
    *pair(
        "format-narrowed",
        "format-widened",
        "texts or numbers must have a format, or a smaller one",
        "texts or numbers need have no format, or have a larger one",
    ),
    Facet(
        name="format-changed",
        effect=Effect.BOTH,
        summary="another format",
        reverse="format-changed",
    ),
    Facet(
        name="content-changed",
        effect=Effect.BOTH,
        summary="a text holds another media type, or is encoded in another way",
        reverse="content-changed",
    ),
)

KINDS = tuple(kinds_of(FACETS))
