"""Changes of how long an operation or parameter will be there."""

from __future__ import annotations

from forecourt.contract.comparison.kind import Kind
from forecourt.contract.comparison.kinds.facets import NOTHING_TO_DO
from forecourt.contract.comparison.kinds.postures import NEVER_WHERE_NO_NOTICE_IS_OWED
from forecourt.contract.comparison.verdict import Verdict

KINDS = (
    Kind(
        id="deprecated",
        direction=None,
        summary="an operation or parameter is deprecated; it still works",
        verdict=Verdict.SAFE,
        because="it still does what it did",
        remedy=NOTHING_TO_DO,
        reverse="reactivated",
    ),
    Kind(
        id="reactivated",
        direction=None,
        summary="an operation or parameter is no longer deprecated",
        verdict=Verdict.SAFE,
        because="it still does what it did",
        remedy=NOTHING_TO_DO,
        reverse="deprecated",
    ),
    Kind(
        id="sunset-too-soon",
        direction=None,
        summary="what is deprecated now, or ends earlier now, has fewer months left than are owed",
        verdict=Verdict.BREAKING,
        because="callers plan by the months that they were promised",
        remedy="name a later day in `x-sunset`",
        reverse="reactivated",
        exceptional=NEVER_WHERE_NO_NOTICE_IS_OWED,
    ),
    Kind(
        id="sunset-earlier",
        direction=None,
        summary="what is deprecated ends earlier than was said",
        verdict=Verdict.RISKY,
        because="who planned by the day that was said is late",
        remedy="keep the day",
        reverse="sunset-later",
    ),
    Kind(
        id="sunset-later",
        direction=None,
        summary="what is deprecated ends later than was said",
        verdict=Verdict.SAFE,
        because="callers have more time",
        remedy=NOTHING_TO_DO,
        reverse="sunset-earlier",
    ),
    Kind(
        id="sunset-withdrawn",
        direction=None,
        summary="what is deprecated no longer says when it ends",
        verdict=Verdict.RISKY,
        because="nobody can plan any more",
        remedy="name a day in `x-sunset`, or take `deprecated` away too",
        reverse="sunset-announced",
    ),
    Kind(
        id="sunset-announced",
        direction=None,
        summary="what was deprecated says when it ends",
        verdict=Verdict.SAFE,
        because="callers can plan",
        remedy=NOTHING_TO_DO,
        reverse="sunset-withdrawn",
    ),
    Kind(
        id="sunset-unreadable",
        direction=None,
        summary="`x-sunset` is no date",
        verdict=Verdict.RISKY,
        because="nobody can tell when it ends",
        remedy="write a date, as 2027-01-31",
        reverse="reactivated",
    ),
)
