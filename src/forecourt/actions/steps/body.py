"""Whether the body is no larger than the caller may send."""

from __future__ import annotations

from forecourt.actions.steps.case import Case
from forecourt.actions.steps.places import in_api, posture
from forecourt.actions.steps.step import StepKind, Told
from forecourt.actions.steps.wording import at
from forecourt.compiler.refusals import Refusal


def _refuses(case: Case) -> bool:
    return case.refusal is Refusal.BODY_TOO_LARGE


def _passed(case: Case) -> Told:
    return Told(says=f"at most {_most(case)}", grounds=(posture(case, "body_limits"),))


def _most(case: Case) -> str:
    assert case.route is not None
    policy = None if case.audience is None else case.route.policy(case.audience)
    return "what such callers may send" if policy is None else f"{policy.body_bytes:,} bytes"


def _refused(case: Case) -> Told:
    place = in_api(case, "posture.body_limits.bytes")
    return Told(
        says=f"it was larger than {_most(case)}",
        grounds=(posture(case, "body_limits"),),
        ways_out=(
            "send less at once",
            f"or raise `posture.body_limits.bytes`{at(place)}; laxer than the audience's takes a"
            " waiver",
        ),
    )


STEP = StepKind(name="body", refuses=_refuses, passed=_passed, refused=_refused)
