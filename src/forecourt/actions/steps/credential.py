"""Whether the API takes that kind of credential."""

from __future__ import annotations

from forecourt.actions.assumed_caller import Known
from forecourt.actions.steps.case import Case
from forecourt.actions.steps.places import anonymous_waiver, in_api, posture
from forecourt.actions.steps.step import StepKind, Told
from forecourt.actions.steps.wording import at, listed
from forecourt.compiler.deciding import word_of
from forecourt.compiler.refusals import Refusal


def _refuses(case: Case) -> bool:
    return case.refusal is Refusal.CREDENTIAL_NOT_ACCEPTED


def _passed(case: Case) -> Told:
    assert isinstance(case.caller, Known)
    if case.caller.kind == "certificate":
        says = "the contract's client certificate counts wherever the contract does"
    elif case.caller.kind == "anonymous":
        return Told(says="what anybody may call asks for none", grounds=(anonymous_waiver(case),))
    else:
        says = f"{word_of(case.caller.kind)} is among {_accepted(case)}"
    return Told(says=says, grounds=(posture(case, "credentials"),))


def _accepted(case: Case) -> str:
    assert case.route is not None
    policy = None if case.audience is None else case.route.policy(case.audience)
    return listed(policy.credentials if policy is not None else ())


def _refused(case: Case) -> Told:
    word = word_of(case.caller.kind) if case.caller.kind is not None else "it"
    place = in_api(case, "posture.credentials")
    return Told(
        says=f"{word} is not among {_accepted(case)}",
        grounds=(posture(case, "credentials"),),
        ways_out=(
            f"call with one of {_accepted(case)}",
            f"or add {word} to `posture.credentials`{at(place)}",
        ),
    )


STEP = StepKind(name="credential", refuses=_refuses, passed=_passed, refused=_refused)
