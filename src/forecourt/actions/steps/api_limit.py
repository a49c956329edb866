"""Whether the API, where it limits such callers itself, had room for another request."""

from __future__ import annotations

from forecourt.actions.assumed_caller import Known
from forecourt.actions.steps.case import Case
from forecourt.actions.steps.places import in_api, posture
from forecourt.actions.steps.step import Outcome, Posture, StepKind, Told
from forecourt.actions.steps.wording import at, pace
from forecourt.compiler.refusals import Refusal
from forecourt.estate.rate_limit import RateLimit

_KEY = "posture.rate_limit"


def _refuses(case: Case) -> bool:
    return case.refusal is Refusal.API_LIMITED


def _declared(case: Case) -> RateLimit | None:
    if case.route is None or not isinstance(case.caller, Known):
        return None
    policy = case.route.policy(case.caller.entitlement.audience)
    return None if policy is None else policy.limit


def _passed(case: Case) -> Told:
    declared = _declared(case)
    if declared is None:
        return Told(says="the API has none of its own", outcome=Outcome.NO_MATTER)
    if case.caller.kind == "anonymous":
        return Told(says="no address may send more than it", outcome=Outcome.NO_MATTER)
    return Told(says=f"each caller may ask of it {pace(declared)}", grounds=_grounds(case))


def _refused(case: Case) -> Told:
    declared = _declared(case)
    asked = "its limit" if declared is None else pace(declared)
    return Told(
        says=f"the caller asked of this API more than {asked}",
        grounds=_grounds(case),
        ways_out=("wait as Retry-After says", f"or raise it{at(in_api(case, _KEY))}"),
    )


def _grounds(case: Case) -> tuple[Posture | None, ...]:
    return (posture(case, "rate_limit"),)


STEP = StepKind(name="API limit", refuses=_refuses, passed=_passed, refused=_refused)
