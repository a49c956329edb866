"""Where a verdict follows from how callers of an audience are treated."""

from __future__ import annotations

from forecourt.contract.comparison.kind import Exceptional
from forecourt.contract.comparison.verdict import Verdict
from forecourt.estate.posture import Posture


def _refuses_unknown(posture: Posture) -> bool:
    return posture.unknown_parameters == "refuse"


def _owes_notice(posture: Posture) -> bool:
    return posture.deprecation > 0


BREAKS_WHERE_UNKNOWN_IS_REFUSED = Exceptional(
    holds=_refuses_unknown,
    verdict=Verdict.BREAKING,
    where="parameters that the contract does not know are refused",
)


def _owes_none(posture: Posture) -> bool:
    return not _owes_notice(posture)


NEVER_WHERE_NO_NOTICE_IS_OWED = Exceptional(
    holds=_owes_none,
    verdict=Verdict.SAFE,
    where="no months are owed between deprecation and sunset",
)
BREAKS_WHERE_NOTICE_IS_OWED = Exceptional(
    holds=_owes_notice,
    verdict=Verdict.BREAKING,
    where="a number of months is owed between deprecation and sunset",
)
