"""Whether the caller holds the scopes that the operation demands."""

from __future__ import annotations

from forecourt.actions.assumed_caller import Known
from forecourt.actions.steps.case import Case
from forecourt.actions.steps.documented import operation_place
from forecourt.actions.steps.places import posture
from forecourt.actions.steps.step import Outcome, StepKind, Told
from forecourt.actions.steps.wording import at, listed
from forecourt.compiler.contracts.operations import CompiledOperation
from forecourt.compiler.refusals import Refusal


def _refuses(case: Case) -> bool:
    return case.refusal is Refusal.SCOPE_MISSING


def _passed(case: Case) -> Told:
    if not isinstance(case.found, CompiledOperation):
        return Told(says="nothing is demanded without an operation", outcome=Outcome.NO_MATTER)
    return Told(
        says=f"{_demanded(case.found)}; the caller holds {_held(case)}",
        grounds=(posture(case, "authorization"),),
    )


def _refused(case: Case) -> Told:
    found = case.found
    wanted = _demanded(found) if isinstance(found, CompiledOperation) else "it demands others"
    return Told(
        says=f"{wanted}; the caller holds {_held(case)}",
        grounds=(operation_place(case), posture(case, "authorization")),
        ways_out=(
            "issue a key with these scopes: `forecourt key issue --scope SCOPE`",
            f"or demand others in `security` of the operation{at(operation_place(case))}",
        ),
    )


def _demanded(found: CompiledOperation) -> str:
    if not found.scopes:
        return f"`{found.name}` demands none"
    alternatives = " or ".join(
        " and ".join(f"`{scope}`" for scope in one.scopes)
        + (", which a person gives" if one.is_users else "")
        for one in found.scopes
    )
    return f"`{found.name}` demands {alternatives}"


def _held(case: Case) -> str:
    scopes = case.caller.entitlement.scopes if isinstance(case.caller, Known) else ()
    return "all that need no user" if scopes is None else listed(scopes)


STEP = StepKind(name="scope", refuses=_refuses, passed=_passed, refused=_refused)
