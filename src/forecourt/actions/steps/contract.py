"""Whether the parameters and the body of a request are what the contract declares."""

from __future__ import annotations

from forecourt.actions.steps.case import Case
from forecourt.actions.steps.places import contract_of, posture
from forecourt.actions.steps.step import Outcome, StepKind, Told
from forecourt.actions.steps.wording import at
from forecourt.compiler.refusals import Refusal

# What was wrong, and what would have to change at the caller.
_REFUSALS: dict[Refusal, tuple[str, str]] = {
    Refusal.PARAMETERS_INVALID: (
        "parameters were not what the contract declares",
        "send what it declares: the answer lists each fault",
    ),
    Refusal.BODY_MISSING: (
        "it had no body, and the contract demands one",
        "send a body",
    ),
    Refusal.BODY_UNEXPECTED: (
        "it had a body, and the contract declares none",
        "send no body",
    ),
    Refusal.BODY_UNPARSEABLE: (
        "its body was not what its Content-Type says, or could be read in two ways",
        "mend what writes the body: the answer says where it broke",
    ),
    Refusal.BODY_INVALID: (
        "its body broke the contract",
        "send what it declares: the answer lists each fault",
    ),
    Refusal.MEDIA_TYPE_NOT_SUPPORTED: (
        "its body was of a media type that the contract does not declare",
        "send one that `Accept` of the answer names, uncompressed and in UTF-8",
    ),
    Refusal.CANNOT_JUDGE: (
        "the edge cannot judge it itself, and the control plane did not in time",
        "look whether the control plane runs, and try again; `forecourt check --verbose` lists what"
        " it judges, and why",
    ),
    Refusal.CHECK_LIMITED: (
        "the edge cannot judge it itself, and the application had such requests judged too often",
        "wait as Retry-After says; `forecourt check --verbose` lists what the control plane judges",
    ),
}
_OBSERVED = "observed "


def _refuses(case: Case) -> bool:
    return case.refusal in _REFUSALS


def _passed(case: Case) -> Told:
    grounds = (contract_of(case), posture(case, "request_check"))
    check = _request_check(case)
    if case.operation is None or check == "off":
        return Told(
            says="parameters and body of such callers are compared with no contract",
            grounds=grounds[1:],
            outcome=Outcome.NO_MATTER,
        )
    reason = None if case.logged is None else case.logged.reason
    if reason is not None and reason.startswith(_OBSERVED):
        word = reason.removeprefix(_OBSERVED)
        return Told(
            says=f"would be refused as `{word}`, but is only observed",
            grounds=grounds,
            outcome=Outcome.NO_MATTER,
        )
    if case.logged is None:
        return Told(
            says="if parameters and body are what the contract declares",
            grounds=grounds,
            outcome=Outcome.NOT_JUDGED,
        )
    return Told(says="parameters and body are what the contract declares", grounds=grounds)


def _request_check(case: Case) -> str:
    if case.route is None or case.audience is None:
        return "off"
    policy = case.route.policy(case.audience)
    return "off" if policy is None else policy.request_check


def _refused(case: Case) -> Told:
    assert case.refusal is not None
    says, way_out = _REFUSALS[case.refusal]
    contract = contract_of(case)
    return Told(
        says=says,
        grounds=(contract, posture(case, "request_check")),
        ways_out=(way_out, f"or describe in the contract what may come{at(contract)}"),
    )


STEP = StepKind(name="contract", refuses=_refuses, passed=_passed, refused=_refused)
