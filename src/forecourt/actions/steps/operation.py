"""Whether the contract, as the caller sees it, describes the operation."""

from __future__ import annotations

from forecourt.actions.steps.case import Case
from forecourt.actions.steps.documented import left_out, operation_place, operations_on_path
from forecourt.actions.steps.places import contract_of, posture
from forecourt.actions.steps.step import Outcome, StepKind, Told
from forecourt.actions.steps.wording import at
from forecourt.compiler.contracts.operations import NoSuchOperation
from forecourt.compiler.refusals import Refusal

_REFUSALS = {
    Refusal.NO_SUCH_OPERATION,
    Refusal.METHOD_NOT_DECLARED,
    Refusal.CONTRACT_MISSING,
    Refusal.OPERATION_GONE,
}


def _refuses(case: Case) -> bool:
    return case.refusal in _REFUSALS


def _passed(case: Case) -> Told:
    if case.operation is None:
        return Told(
            says="such callers are held to no contract: any method and path below the API passes",
            grounds=(posture(case, "request_check"),),
            outcome=Outcome.NO_MATTER,
        )
    return Told(says=f"`{case.operation}`", grounds=(operation_place(case),))


def _refused(case: Case) -> Told:
    asked = f"`{case.request.method} {case.request.path}`"
    contract, where = contract_of(case), at(contract_of(case))
    if case.refusal is Refusal.CONTRACT_MISSING:
        return Told(
            says="the edge could not load the compiled contract of this version",
            grounds=(contract,),
            ways_out=("look at the state folder's `contracts`: it must be readable", "try again"),
        )
    if case.refusal is Refusal.OPERATION_GONE:
        return Told(
            says=f"the service speaks a newer version, in which {asked} is gone",
            grounds=(contract,),
            ways_out=("move to the newer version: `forecourt migrate` says how",),
        )
    left = left_out(case)
    if left is not None:
        return Told(
            says=f"`{left}` is left out of what is served: {left.reason}",
            grounds=(left.span, contract),
            ways_out=(f"mend it in {left.span}: `forecourt check` says how",),
        )
    there = operations_on_path(case)
    if case.refusal is Refusal.METHOD_NOT_DECLARED:
        allow = case.found.allow if isinstance(case.found, NoSuchOperation) else None
        only = f": only {allow}" if allow else ""
        return Told(
            says=f"the contract has the path of {asked}, but not with this method{only}",
            grounds=(*(o.span for o in there), contract),
            ways_out=("use a method that `Allow` names", f"or describe the operation{where}"),
        )
    hidden = [o for o in there if o.method == case.request.method]
    if hidden:
        return Told(
            says=f"the contract describes {asked}, but such callers are not served it",
            grounds=(*(o.span for o in hidden), contract, posture(case, "request_check")),
            ways_out=(f"widen its `x-audience`, or that of its path, in {hidden[0].span}",),
        )
    return Told(
        says=f"the contract has no operation {asked} that this caller sees",
        grounds=(contract, posture(case, "request_check")),
        ways_out=(
            "look at the path: names, `/` at the end, what stands for a parameter",
            f"or describe the operation{where}",
        ),
    )


STEP = StepKind(name="operation", refuses=_refuses, passed=_passed, refused=_refused)
