"""Whether the API's allow list, where it has one, names the service that calls."""

from __future__ import annotations

from forecourt.actions.assumed_caller import Known
from forecourt.actions.steps.case import Case
from forecourt.actions.steps.places import in_api
from forecourt.actions.steps.step import Outcome, StepKind, Told
from forecourt.actions.steps.wording import at, listed
from forecourt.compiler.refusals import Refusal


def _refuses(case: Case) -> bool:
    return case.refusal is Refusal.NOT_ALLOWED


def _passed(case: Case) -> Told:
    assert isinstance(case.caller, Known) and case.route is not None
    known, api = case.caller.entitlement, case.route.api
    if known.audience.is_external:
        return Told(says="is about services", outcome=Outcome.NO_MATTER)
    if api.allow is None:
        return Told(says="there is none: every declared service may call")
    return Told(says=f"`allow` names `{known.application}`", grounds=(in_api(case, "allow"),))


def _refused(case: Case) -> Told:
    assert case.route is not None
    api, place = case.route.api, in_api(case, "allow")
    service = case.caller.entitlement.application if isinstance(case.caller, Known) else "it"
    return Told(
        says=f"`allow` of `{api.name}` names {listed(api.allow or ())}, not `{service}`",
        grounds=(place,),
        ways_out=(f"add `{service}` to `allow`{at(place)}, and `forecourt open {api.name}`",),
    )


STEP = StepKind(name="allow list", refuses=_refuses, passed=_passed, refused=_refused)
