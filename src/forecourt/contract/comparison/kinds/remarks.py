"""Changes of what is said about a value: its default, its end, its way."""

from __future__ import annotations

from forecourt.contract.comparison.kind import Kind
from forecourt.contract.comparison.kinds.facets import NOTHING_TO_DO, Facet, kinds_of
from forecourt.contract.comparison.verdict import Effect, Verdict
from forecourt.contract.one_sided import Direction

_LEFT_OUT = "a request without it may mean something else now"
_MISSING = "who fills in what an answer leaves out fills in something else now"
_ANOTHER = "keep the default, and let callers choose the new one"

FACETS: tuple[Facet, ...] = (
    Facet(
        name="default-added",
        effect=Effect.NONE,
        summary="a value that is left out has a default now",
        reverse="default-removed",
        request=(Verdict.RISKY, _LEFT_OUT),
        remedy_in_request="say as default what leaving it out meant before",
    ),
    Facet(
        name="default-removed",
        effect=Effect.NONE,
        summary="a value that is left out has no default any more",
        reverse="default-added",
        request=(Verdict.RISKY, _LEFT_OUT),
        response=(Verdict.RISKY, _MISSING),
        remedy_in_request="go on to read a value that is left out as the old default",
        remedy_in_response="always answer the value",
    ),
    Facet(
        name="default-changed",
        effect=Effect.NONE,
        summary="a value that is left out has another default",
        reverse="default-changed",
        request=(Verdict.BREAKING, "a request without it means something else now"),
        response=(Verdict.RISKY, _MISSING),
        remedy_in_request=_ANOTHER,
        remedy_in_response="always answer the value",
    ),
    Facet(
        name="deprecated",
        effect=Effect.NONE,
        summary="a value is deprecated; it still is what it was",
        reverse="reactivated",
    ),
    Facet(
        name="reactivated",
        effect=Effect.NONE,
        summary="a value is no longer deprecated",
        reverse="deprecated",
    ),
)

KINDS = (
    *kinds_of(FACETS),
    Kind(
        id="request-became-read-only",
        direction=Direction.REQUEST,
        summary="a property of requests is `readOnly`: nobody sends it any more",
        verdict=Verdict.RISKY,
        because="what callers send there is passed over, or refused",
        remedy="go on to read it for old versions",
        reverse="request-became-writable",
    ),
    Kind(
        id="request-became-writable",
        direction=Direction.REQUEST,
        summary="a property that was `readOnly` can be sent",
        verdict=Verdict.SAFE,
        because="nobody needs to send it",
        remedy=NOTHING_TO_DO,
        reverse="request-became-read-only",
    ),
    Kind(
        id="response-became-write-only",
        direction=Direction.RESPONSE,
        summary="a required property of answers is `writeOnly`: it does not come any more",
        verdict=Verdict.BREAKING,
        because="who reads it finds nothing",
        remedy="go on to answer it in this version",
        reverse="response-became-readable",
    ),
    Kind(
        id="response-became-readable",
        direction=Direction.RESPONSE,
        summary="a property that was `writeOnly` is answered",
        verdict=Verdict.SAFE,
        because="callers pass over what they do not know",
        remedy=NOTHING_TO_DO,
        reverse="response-became-write-only",
    ),
)
