"""Whether the operation, where its contract limits it, had room for another request."""

from __future__ import annotations

from forecourt.actions.steps.case import Case
from forecourt.actions.steps.documented import operation_place
from forecourt.actions.steps.step import Outcome, StepKind, Told
from forecourt.actions.steps.wording import at
from forecourt.compiler.contracts.operations import CompiledOperation
from forecourt.compiler.refusals import Refusal


def _refuses(case: Case) -> bool:
    return case.refusal is Refusal.OPERATION_LIMITED


def _declared(case: Case) -> int | None:
    return case.found.per_minute if isinstance(case.found, CompiledOperation) else None


def _passed(case: Case) -> Told:
    declared = _declared(case)
    if declared is None:
        return Told(says="the contract declares none", outcome=Outcome.NO_MATTER)
    return Told(
        says=f"each caller may ask for it {declared:,} times a minute",
        grounds=(operation_place(case),),
    )


def _refused(case: Case) -> Told:
    declared = _declared(case)
    asked = "its limit" if declared is None else f"{declared:,} times a minute"
    place = operation_place(case)
    return Told(
        says=f"the caller asked for `{case.operation}` more than {asked}",
        grounds=(place,),
        ways_out=("wait as Retry-After says", f"or raise its `x-rate-limit`{at(place)}"),
    )


STEP = StepKind(name="call limit", refuses=_refuses, passed=_passed, refused=_refused)
