"""Properties that come and go, which open objects make harmless in one way only."""

from __future__ import annotations

from forecourt.contract.comparison.kind import Kind
from forecourt.contract.comparison.kinds.facets import NOTHING_TO_DO
from forecourt.contract.comparison.verdict import Verdict
from forecourt.contract.one_sided import Direction

_REQUEST, _RESPONSE = Direction.REQUEST, Direction.RESPONSE

KINDS = (
    Kind(
        id="request-property-added",
        direction=_REQUEST,
        summary="requests may hold one more property",
        verdict=Verdict.SAFE,
        because="nobody needs to send it",
        remedy=NOTHING_TO_DO,
        reverse="request-property-removed",
    ),
    Kind(
        id="request-required-property-added",
        direction=_REQUEST,
        summary="requests must hold one more property",
        verdict=Verdict.BREAKING,
        because="a request without it is refused, whatever its `default` says",
        remedy="let it be optional, with what its absence means as `default`",
        reverse="request-property-removed",
    ),
    Kind(
        id="request-property-removed",
        direction=_REQUEST,
        summary="a property of requests is gone from an object that admits others",
        verdict=Verdict.RISKY,
        because="it is still let in, and means nothing",
        remedy="deprecate it first, and go on to read it in this version",
        reverse="request-property-added",
    ),
    Kind(
        id="request-property-refused",
        direction=_REQUEST,
        summary="a property of requests is gone from an object that admits no others",
        verdict=Verdict.BREAKING,
        because="a request with it is refused",
        remedy="keep the property, deprecated, until a new version",
        reverse="request-property-added",
    ),
    Kind(
        id="response-property-added",
        direction=_RESPONSE,
        summary="answers may hold one more property",
        verdict=Verdict.SAFE,
        because="callers pass over what they do not know",
        remedy=NOTHING_TO_DO,
        reverse="response-property-removed",
    ),
    Kind(
        id="response-property-added-to-closed",
        direction=_RESPONSE,
        summary="answers hold one more property, in an object that was said to admit no others",
        verdict=Verdict.RISKY,
        because="who checks answers against the old contract refuses this one",
        remedy="leave objects of answers open (no `additionalProperties: false`)",
        reverse="response-property-removed",
    ),
    Kind(
        id="response-property-removed",
        direction=_RESPONSE,
        summary="an optional property of answers is gone",
        verdict=Verdict.RISKY,
        because="callers had to expect its absence, and never see it again",
        remedy="deprecate it first, and go on to answer it in this version",
        reverse="response-property-added",
    ),
    Kind(
        id="response-required-property-removed",
        direction=_RESPONSE,
        summary="a required property of answers is gone",
        verdict=Verdict.BREAKING,
        because="callers rely on it",
        remedy="go on to answer it in this version",
        reverse="response-property-added",
    ),
)
