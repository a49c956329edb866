"""Whether the parameters and the body of a request are what the contract declares."""

from __future__ import annotations

from dataclasses import replace

from forecourt.actions.steps.case import Case
from forecourt.actions.steps.documented import operation_place
from forecourt.actions.steps.places import posture
from forecourt.actions.steps.step import Outcome, StepKind, Told
from forecourt.actions.steps.wording import at
from forecourt.compiler.contracts.operations import CompiledOperation
from forecourt.compiler.refusals import Refusal
from forecourt.edge.logged_request import OBSERVED

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
    Refusal.NOT_REPRESENTABLE: (
        "the service speaks a newer version, which has no equal for something in it",
        "send what both versions can say: the answer lists each fault",
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


def _refuses(case: Case) -> bool:
    return case.refusal in _REFUSALS


def _passed(case: Case) -> Told:
    grounds = (operation_place(case), posture(case, "request_check"))
    check = _request_check(case)
    if case.operation is None or check == "off":
        return Told(
            says="parameters and body of such callers are compared with no contract",
            grounds=grounds[1:],
            outcome=Outcome.NO_MATTER,
        )
    reason = None if case.logged is None else case.logged.reason
    if reason is not None and reason.startswith(OBSERVED):
        word = reason.removeprefix(OBSERVED)
        return Told(
            says=f"would be refused as `{word}`, but is only observed",
            grounds=grounds,
            outcome=Outcome.NO_MATTER,
        )
    if case.logged is None:
        return replace(_not_made(case), grounds=grounds)
    return Told(says="parameters and body are what the contract declares", grounds=grounds)


def _not_made(case: Case) -> Told:
    """Path and query are judged as the edge judges them; the rest only a request shows."""
    tried = case.tried
    if tried is None or tried.verdict not in (_KEPT, Refusal.PARAMETERS_INVALID.word):
        why = "" if tried is None else _why_untried(tried.verdict)
        return Told(
            says=f"if parameters and body are what the contract declares{why}",
            outcome=Outcome.NOT_JUDGED,
        )
    if tried.verdict != _KEPT:  # else it would have been refused
        return Told(
            says=f"would be refused as `{tried.verdict}`, but is only observed: {_faults(case)}",
            outcome=Outcome.NO_MATTER,
        )
    rest = [f"{needed.where} `{needed.name}`" for needed in tried.needed]
    if isinstance(case.found, CompiledOperation) and case.found.takes_body:
        rest.append("body")
    kept = "path and query are what the contract declares"
    if not rest:
        return Told(says=kept)
    return Told(says=f"if so is its {' and its '.join(rest)}: {kept}", outcome=Outcome.NOT_JUDGED)


_KEPT = "kept"
# Why path and query were not judged either.
_UNTRIED = {
    Refusal.CANNOT_JUDGE.word: ": the edge leaves a parameter of it to the control plane, which is"
    " asked about requests only",
    Refusal.MALFORMED_REQUEST.word: ": Envoy takes what stands there for no path and query",
}


def _why_untried(verdict: str) -> str:
    return _UNTRIED.get(verdict, f": the edge judges nothing, and says `{verdict}`")


def _faults(case: Case) -> str:
    return "; ".join(map(str, case.tried.faults)) if case.tried is not None else ""


def _request_check(case: Case) -> str:
    if case.route is None or case.audience is None:
        return "off"
    policy = case.route.policy(case.audience)
    return "off" if policy is None else policy.request_check


def _refused(case: Case) -> Told:
    assert case.refusal is not None
    says, way_out = _REFUSALS[case.refusal]
    if case.tried is not None:
        says, way_out = f"{says}: {_faults(case)}", "send what it declares"
    contract = operation_place(case)
    return Told(
        says=says,
        grounds=(contract, posture(case, "request_check")),
        ways_out=(way_out, f"or describe in the contract what may come{at(contract)}"),
    )


STEP = StepKind(name="contract", refuses=_refuses, passed=_passed, refused=_refused)
