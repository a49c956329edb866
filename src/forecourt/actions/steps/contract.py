"""Whether parameters, body and answer keep to the contract. The edge does not ask that yet."""

from __future__ import annotations

from forecourt.actions.steps.case import Case
from forecourt.actions.steps.places import posture
from forecourt.actions.steps.step import Outcome, StepKind, Told, never


def _passed(case: Case) -> Told:
    return Told(
        says="neither parameters, body nor answer are compared with the contract",
        grounds=(posture(case, "request_check"), posture(case, "response_check")),
        outcome=Outcome.NOT_ENFORCED,
    )


STEP = StepKind(name="contract", refuses=never, passed=_passed, refused=_passed)
