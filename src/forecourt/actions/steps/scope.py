"""Whether the caller holds the scopes that the operation demands. The edge does not ask yet."""

from __future__ import annotations

from forecourt.actions.assumed_caller import Known
from forecourt.actions.steps.case import Case
from forecourt.actions.steps.step import Outcome, StepKind, Told, never
from forecourt.actions.steps.wording import listed


def _passed(case: Case) -> Told:
    scopes = case.caller.entitlement.scopes if isinstance(case.caller, Known) else None
    held = "all that need no user" if scopes is None else listed(scopes)
    return Told(
        says=f"nothing is refused for the lack of one; the caller holds {held}",
        outcome=Outcome.NOT_ENFORCED,
    )


STEP = StepKind(name="scope", refuses=never, passed=_passed, refused=_passed)
