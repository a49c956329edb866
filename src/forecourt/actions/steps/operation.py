"""Whether the contract describes the operation. The edge does not ask that yet."""

from __future__ import annotations

from forecourt.actions.steps.case import Case
from forecourt.actions.steps.step import Outcome, StepKind, Told, never


def _passed(case: Case) -> Told:
    return Told(
        says="any method and path below the API passes, described in its contract or not",
        outcome=Outcome.NOT_ENFORCED,
    )


STEP = StepKind(name="operation", refuses=never, passed=_passed, refused=_passed)
