"""Changes of who sees what."""

from __future__ import annotations

from forecourt.contract.comparison.kind import Kind
from forecourt.contract.comparison.verdict import Verdict

AUDIENCE_NARROWED = "audience-narrowed"

KINDS = (
    Kind(
        id=AUDIENCE_NARROWED,
        direction=None,
        summary="something is for a narrower audience; for the others it is gone",
        verdict=Verdict.BREAKING,
        because="it is gone for them; where that would be risky or safe, so is this",
        remedy="keep it, deprecated, for those who see it, until a new version",
        reverse="audience-widened",
    ),
    Kind(
        id="audience-widened",
        direction=None,
        summary="something is for a wider audience; for the others it is new",
        verdict=Verdict.SAFE,
        because="it is new for them; where that would be risky or breaking, so is this",
        remedy="as that of what is added",
        reverse=AUDIENCE_NARROWED,
    ),
)
