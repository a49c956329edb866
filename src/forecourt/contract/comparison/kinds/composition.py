"""Changes of schemas that are put together of others: alternatives, conditions, exclusions."""

from __future__ import annotations

from forecourt.contract.comparison.kinds.facets import Facet, kinds_of, pair
from forecourt.contract.comparison.verdict import Effect, Verdict

_DISPATCH = "whoever tells alternatives apart by this property does it wrongly now"

FACETS: tuple[Facet, ...] = (
    *pair(
        "alternative-removed",
        "alternative-added",
        "one of several alternatives is gone",
        "one more alternative",
    ),
    Facet(
        name="alternatives-rearranged",
        effect=Effect.NONE,
        summary="alternatives are divided otherwise; all that fitted one of them still does",
        reverse="alternative-added",
        reverse_in_response="alternative-removed",
    ),
    *pair(
        "alternatives-demanded",
        "alternatives-dropped",
        "a value must fit one of several alternatives besides",
        "a value need not fit one of several alternatives any more",
    ),
    *pair(
        "condition-added",
        "condition-removed",
        "`if` with `then` or `else` demands more of some values",
        "`if` with `then` or `else` demands nothing any more",
    ),
    Facet(
        name="condition-changed",
        effect=Effect.BOTH,
        summary="another `if`: other values are meant by `then` and `else`",
        reverse="condition-changed",
    ),
    *pair(
        "exclusion-grown",
        "exclusion-shrunk",
        "`not` excludes more values",
        "`not` excludes fewer values",
    ),
    Facet(
        name="exclusion-changed",
        effect=Effect.BOTH,
        summary="`not` excludes other values",
        reverse="exclusion-changed",
    ),
    Facet(
        name="discriminator-added",
        effect=Effect.NONE,
        summary="a property tells alternatives apart",
        reverse="discriminator-removed",
        request=(Verdict.RISKY, "the property may now have to name the right alternative"),
    ),
    Facet(
        name="discriminator-removed",
        effect=Effect.NONE,
        summary="no property tells alternatives apart any more",
        reverse="discriminator-added",
        response=(Verdict.RISKY, "whoever told them apart by it must do without"),
    ),
    Facet(
        name="discriminator-changed",
        effect=Effect.BOTH,
        summary="another property tells alternatives apart",
        reverse="discriminator-changed",
        request=(Verdict.BREAKING, "the property that names the alternative is not looked at"),
        response=(Verdict.BREAKING, _DISPATCH),
    ),
    Facet(
        name="discriminator-value-added",
        effect=Effect.WIDENS,
        summary="one more value names an alternative",
        reverse="discriminator-value-removed",
        response=(Verdict.RISKY, "callers may meet a name that they do not know"),
    ),
    Facet(
        name="discriminator-value-removed",
        effect=Effect.NARROWS,
        summary="a value no longer names an alternative",
        reverse="discriminator-value-added",
    ),
    Facet(
        name="discriminator-value-changed",
        effect=Effect.BOTH,
        summary="a value names another alternative",
        reverse="discriminator-value-changed",
        response=(Verdict.BREAKING, _DISPATCH),
    ),
)

KINDS = tuple(kinds_of(FACETS))
