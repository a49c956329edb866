"""What the edge asks of a request, a step a module; a new question is a module and a line below."""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.actions.assumed_caller import Known
from forecourt.actions.steps import (
    address,
    allow_list,
    api_limit,
    body,
    caller,
    certificate,
    contract,
    credential,
    entitlement,
    limit,
    listener,
    operation,
    operation_limit,
    reading,
    route,
    scope,
    upstream,
    version,
)
from forecourt.actions.steps.case import Case
from forecourt.actions.steps.step import Ground, Outcome, Posture, Step, StepKind, Told

__all__ = ["STEPS", "Case", "Ground", "Outcome", "Posture", "Step", "StepKind", "steps_of"]

# In the order in which they are told; a request that one refuses does not reach the next.
STEPS: tuple[StepKind, ...] = (
    reading.STEP,
    listener.STEP,
    route.STEP,
    caller.STEP,
    address.STEP,
    limit.STEP,
    certificate.STEP,
    entitlement.STEP,
    allow_list.STEP,
    credential.STEP,
    version.STEP,
    api_limit.STEP,
    operation.STEP,
    operation_limit.STEP,
    scope.STEP,
    body.STEP,
    contract.STEP,
    upstream.STEP,
)

# Asked of whoever knocks, before anybody is told that nothing stands there.
_BEFORE_ANSWERING = (caller.STEP, address.STEP, limit.STEP, certificate.STEP)
# They can be told of a caller that is known; those after them of an API that stands there, too.
_ABOUT_CALLERS = STEPS[STEPS.index(address.STEP) :]
_ABOUT_BOTH = STEPS[STEPS.index(entitlement.STEP) :]


def steps_of(case: Case) -> Iterator[Step]:
    """Every step of a case, the first that refused marked so."""
    refusing = next((kind for kind in STEPS if kind.refuses(case)), None)
    is_over = False
    for kind in STEPS:
        if is_over and not (refusing is route.STEP and kind in _BEFORE_ANSWERING):
            yield Step(name=kind.name, outcome=Outcome.NOT_REACHED)
            continue
        is_refused = kind is refusing
        is_over = is_over or is_refused
        yield _step(kind, _told(kind, case, is_refused=is_refused), is_refused=is_refused)


def _told(kind: StepKind, case: Case, *, is_refused: bool) -> Told:
    if is_refused and case.unexplained_by is not None and case.refusal is not None:
        return Told(
            says=f"it was refused here as `{case.refusal.word}`; revision {case.unexplained_by},"
            " which was served then, decides otherwise as far as it is still known",
            ways_out=("make the request again, and ask about that one",),
        )
    if kind in _ABOUT_BOTH and case.route is None:
        return _FORGOTTEN_API
    if kind in _ABOUT_CALLERS and not isinstance(case.caller, Known) and not is_refused:
        is_by_token = case.logged is not None and case.logged.is_by_access_token
        return _FORGOTTEN_TOKEN if is_by_token else _FORGOTTEN_CALLER
    return kind.refused(case) if is_refused else kind.passed(case)


# Of a request in the log, since when an API was withdrawn or a caller forgotten.
_FORGOTTEN_API = Told(
    says="can no longer be said: nothing was published at that path, as far as is known",
    ways_out=("make the request again, and ask about that one",),
    outcome=Outcome.NO_MATTER,
)
_FORGOTTEN_CALLER = Told(
    says="can no longer be said: the caller is not known any more", outcome=Outcome.NO_MATTER
)

_FORGOTTEN_TOKEN = Told(
    says="can no longer be said: what the token was for is not kept", outcome=Outcome.NO_MATTER
)


def _step(kind: StepKind, told: Told, *, is_refused: bool) -> Step:
    return Step(
        name=kind.name,
        outcome=Outcome.REFUSED if is_refused else told.outcome,
        says=told.says,
        grounds=tuple(ground for ground in told.grounds if ground is not None),
        ways_out=told.ways_out if is_refused else (),
    )
